import ReportClient

extension Trouble {
    /// What went wrong between here and a gateway, and what helps.
    init(_ trouble: GatewayTrouble) {
        let otherwise = "or ask MongoDB: --mongodb-uri-file FILE, and unset REPORT_GATEWAY"
        switch trouble {
        case .address(let text, let fault):
            self.init("the gateway's address \"\(text)\": \(fault)", code: .usage)
        case .withoutToken(let fault):
            self.init(
                "the gateway can't be asked: \(fault)",
                advice: ["use a kubeconfig with a token, such as kubectl create token gives one", otherwise])
        case .unreachable(let address, let fault):
            self.init("the gateway at \(address) can't be reached: \(fault)", advice: [otherwise])
        case .refused(let address, 401, let detail):
            self.init(
                "the gateway at \(address) doesn't know you: \(detail)",
                advice: ["is it this cluster's? A token of Kubernetes counts at its own cluster's gateway", otherwise])
        case .refused(let address, _, let detail):
            self.init("the gateway at \(address): \(detail)", advice: [otherwise])
        case .foreign(let address):
            self.init("what answers at \(address) is not a gateway", advice: ["check the address", otherwise])
        }
    }
}
