import OCIImage

/// Images that stand for run images, by what they say of themselves.
enum SampleRunImage {
    static func image(
        labels: [String: String] = [:], change: (inout ImageConfiguration) -> Void = { _ in }
    ) throws -> Image {
        var builder = ImageBuilder()
        builder.configuration.config.labels = labels
        change(&builder.configuration)
        return try builder.image()
    }
}
