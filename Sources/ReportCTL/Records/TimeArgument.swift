import KubernetesModel

/// A moment as people give it on a command line.
enum TimeArgument {
    /// `90m`, `12h`, `7d`, `2w` before `now`; a day such as `2026-10-31`, from its midnight in the zone; or RFC 3339.
    static func moment(_ text: String, now: Timestamp, moments: Moments) -> Timestamp? {
        if let moment = Timestamp(text) { return moment }
        if let midnight = Timestamp(text + "T00:00:00Z") {
            return Timestamp(seconds: midnight.seconds - moments.offset(midnight.seconds))
        }
        let factors: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
        guard let unit = text.last, let factor = factors[unit], text.dropLast().utf8.count <= 6,
            let count = Int64(text.dropLast()), count >= 0
        else { return nil }
        return Timestamp(seconds: now.seconds - count * factor)
    }

    static let help = "such as 12h, 7d, 2026-10-31 or 2026-10-31T14:00:00Z"
}
