import OCIImage
import Text

/// How large an image is, in words: the same in Image's frame, on Build and in the list of past builds.
enum ImageSizeText {
    /// `26.1 MB (+12 kB), 1 214 files, 99 % efficient`.
    static func full(_ size: ImageSize) -> String {
        "\(bytes(size)), \(Amount.grouped(size.files)) files, \(percent(size)) efficient"
    }

    /// `26.1 MB (+12 kB)  1 214 files  99 %`, for columns.
    static func brief(_ size: ImageSize) -> String {
        "\(bytes(size))  \(Amount.grouped(size.files)) files  \(percent(size))"
    }

    private static func bytes(_ size: ImageSize) -> String {
        let difference = size.difference.map { $0 == 0 ? " (=)" : " (\(Amount.difference($0)))" } ?? ""
        return Amount.bytes(size.bytes) + difference
    }

    /// Full marks only for an image without any waste.
    private static func percent(_ size: ImageSize) -> String {
        let percent = Int((size.efficiency * 100).rounded(.down))
        return "\(percent) %"
    }

    /// The title of the layers' frame: what the image is called, and how large it is once that is known.
    static func title(of image: ImageState) -> String {
        guard let contents = image.contents, contents.manifestDigest != nil else { return "Layers" }
        return image.measure.map { "\(contents.title)  \(brief($0.size))" } ?? contents.title
    }
}
