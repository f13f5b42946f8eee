/// What the kubelet makes of a variable's value: `Expand` in k8s.io/kubernetes/third_party/forked/golang/expansion,
/// byte for byte, with its oddities.
enum Expansion {
    static func expand(_ input: String, _ variables: [String: String] = [:]) -> [UInt8] {
        let input = Array(input.utf8)
        var output: [UInt8] = []
        var checkpoint = 0
        var cursor = 0
        while cursor < input.count {
            if input[cursor] == UInt8(ascii: "$"), cursor + 1 < input.count {
                output += input[checkpoint..<cursor]
                let (text, isVariable, advance) = read(input[(cursor + 1)...])
                if isVariable {
                    let name = String(decoding: text, as: UTF8.self)
                    output += variables[name].map { Array($0.utf8) } ?? Array("$(\(name))".utf8)
                } else {
                    output += text
                }
                cursor += advance
                checkpoint = cursor + 1
            }
            cursor += 1
        }
        return output + input[min(checkpoint, input.count)...]
    }

    private static func read(_ input: ArraySlice<UInt8>) -> (text: [UInt8], isVariable: Bool, advance: Int) {
        guard let first = input.first else { return ([], false, 0) }
        switch first {
        case UInt8(ascii: "$"):
            return ([first], false, 1)
        case UInt8(ascii: "("):
            if let end = input.firstIndex(of: UInt8(ascii: ")")) {
                return (Array(input[(input.startIndex + 1)..<end]), true, end - input.startIndex + 1)
            }
            return (Array("$(".utf8), false, 1)
        default:
            // Go's `string(byte)` takes the byte for a code point.
            return ([UInt8(ascii: "$")] + Array(String(Unicode.Scalar(first)).utf8), false, 1)
        }
    }
}
