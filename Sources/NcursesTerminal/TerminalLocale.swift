import CNcurses
import Glibc

/// The locale that text is written to the terminal in.
enum TerminalLocale {
    /// Sets the process' character set by the environment, and gives whether it is UTF-8.
    ///
    /// Without a locale (`C`, `POSIX`, or one that is not installed) the terminal is taken to be UTF-8, as nearly all are;
    /// a locale of another character set is believed.
    static func set() -> Bool {
        if setlocale(LC_CTYPE, "") != nil, !isPlainC { return isUTF8 }
        for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8"] where setlocale(LC_CTYPE, name) != nil { return true }
        return false
    }

    private static var codeset: String { String(cString: nl_langinfo(Int32(CODESET))).uppercased() }
    private static var isPlainC: Bool { codeset == "ANSI_X3.4-1968" || codeset == "US-ASCII" }
    private static var isUTF8: Bool { codeset == "UTF-8" || codeset == "UTF8" }
}
