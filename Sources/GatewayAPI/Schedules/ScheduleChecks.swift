import KubernetesModel

/// Faults of a schedule that no schema can tell.
enum ScheduleChecks {
    static func unknownZone(_ name: String) -> FieldError {
        FieldError(
            "timeZone", value: .string(name),
            "\"\(name.head(bytes: 64))\" is not a time zone; write an IANA name such as Europe/Berlin or UTC")
    }
}
