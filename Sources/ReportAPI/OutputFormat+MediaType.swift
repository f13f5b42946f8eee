extension OutputFormat {
    /// As HTTP and mail name it.
    public var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .csv: "text/csv"
        case .html: "text/html"
        case .json: "application/json"
        }
    }
}
