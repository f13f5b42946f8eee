package import KubernetesModel

/// When a CronJob ticks: cron's five fields, or such as `@daily`, as the library that Kubernetes uses reads them.
///
/// For people who ask for the next run; the operator itself never ticks by it.
/// Source: github.com/robfig/cron v3, parser.go and spec.go.
package struct CronExpression: Hashable, Sendable {
    /// What is wrong with an expression, in a sentence.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private enum Form: Hashable, Sendable {
        case fields(CronFields)
        /// Seconds from one run to the next.
        case every(Int64)
    }

    private let form: Form

    package init(_ text: String) throws(Fault) {
        if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") {
            throw Fault(description: "\"\(text)\": set the time zone in spec.timeZone")
        }
        let fields = text.split(whereSeparator: \.isWhitespace)
        if let first = fields.first, first.hasPrefix("@") {
            form = try Self.descriptor(fields)
            return
        }
        guard fields.count == 5 else {
            throw Fault(
                description: "\"\(text)\" has \(fields.count) fields; it takes 5: minute, hour, day of month, month, "
                    + "day of week")
        }
        form = .fields(try CronFields(fields))
    }

    private static func descriptor(_ words: [Substring]) throws(Fault) -> Form {
        switch (words[0], words.count) {
        case ("@yearly", 1), ("@annually", 1): return .fields(try CronFields(["0", "0", "1", "1", "*"]))
        case ("@monthly", 1): return .fields(try CronFields(["0", "0", "1", "*", "*"]))
        case ("@weekly", 1): return .fields(try CronFields(["0", "0", "*", "*", "0"]))
        case ("@daily", 1), ("@midnight", 1): return .fields(try CronFields(["0", "0", "*", "*", "*"]))
        case ("@hourly", 1): return .fields(try CronFields(["0", "*", "*", "*", "*"]))
        case ("@every", 2):
            guard let seconds = seconds(words[1]), seconds > 0 else {
                throw Fault(description: "\"\(words[1])\" is not a duration such as 90s, 15m or 1h30m")
            }
            return .every(seconds)
        default:
            throw Fault(
                description: "\"\(words.joined(separator: " "))\" is unknown; known are @hourly, @daily, @weekly, "
                    + "@monthly, @yearly and @every with a duration")
        }
    }

    private static func seconds(_ text: Substring) -> Int64? {
        var total: Int64 = 0
        var number: Int64?
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = (number ?? 0) * 10 + Int64(byte - UInt8(ascii: "0"))
                guard let number, number <= 1_000_000_000 else { return nil }
            case UInt8(ascii: "h"), UInt8(ascii: "m"), UInt8(ascii: "s"):
                guard let count = number else { return nil }
                total += count * (byte == UInt8(ascii: "h") ? 3600 : byte == UInt8(ascii: "m") ? 60 : 1)
                number = nil
            default: return nil
            }
        }
        return number == nil ? total : nil
    }

    /// Whether it counts from run to run, and no clock says when it comes.
    package var isInterval: Bool {
        if case .every = form { true } else { false }
    }

    /// The first run later than `moment`; nil where there is none within five years.
    package func next(after moment: Timestamp, in zone: ZoneRules) -> Timestamp? {
        switch form {
        case .every(let seconds): Timestamp(seconds: moment.seconds + seconds)
        case .fields(let fields): fields.next(after: moment, in: zone)
        }
    }
}
