import ArgumentParser
import TerminalUI

extension ColorChoice: ExpressibleByArgument {}
