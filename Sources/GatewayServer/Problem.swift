internal import CZlib
internal import Hummingbird
internal import HummingbirdHTTP2
internal import HummingbirdTLS
