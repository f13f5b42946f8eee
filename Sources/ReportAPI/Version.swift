/// The release that operator and command line tool are of.
package enum Version {
    package static let current = "0.1.0"
}
