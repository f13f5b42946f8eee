"""A small ERP for tests: its open orders by SOAP 1.1, in pages; it faults, hangs and changes as it is told to."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree
from xml.sax.saxutils import escape

NAMESPACE = "http://erp.example.com/orders"
WSDL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
             xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{namespace}" targetNamespace="{namespace}">
  <types>
    <xs:schema targetNamespace="{namespace}" elementFormDefault="qualified">
      <xs:element name="ListOpenOrders"><xs:complexType><xs:sequence>
        <xs:element name="plant" type="xs:string"/>
        <xs:element name="page" type="xs:int"/>
        <xs:element name="pageSize" type="xs:int"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:complexType name="Order"><xs:sequence>
        <xs:element name="number" type="xs:string"/>
        <xs:element name="material" type="xs:string"/>
        <xs:element name="quantity" type="xs:decimal"/>
        <xs:element name="amount" type="xs:decimal"/>
      </xs:sequence></xs:complexType>
      <xs:element name="ListOpenOrdersResponse"><xs:complexType><xs:sequence>
        <xs:element name="revision" type="xs:long"/>
        <xs:element name="total" type="xs:int"/>
        <xs:element name="more" type="xs:boolean"/>
        <xs:element name="order" type="t:Order" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence></xs:complexType></xs:element>
    </xs:schema>
  </types>
  <message name="Request"><part name="parameters" element="t:ListOpenOrders"/></message>
  <message name="Response"><part name="parameters" element="t:ListOpenOrdersResponse"/></message>
  <portType name="Orders">
    <operation name="ListOpenOrders"><input message="t:Request"/><output message="t:Response"/></operation>
  </portType>
  <binding name="OrdersSoap" type="t:Orders">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="ListOpenOrders">
      <soap:operation soapAction="{namespace}/ListOpenOrders"/>
      <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>
    </operation>
  </binding>
  <service name="OrderService">
    <port name="Orders" binding="t:OrdersSoap"><soap:address location="{address}"/></port>
  </service>
</definitions>
"""


@dataclass
class Fault:
    """In place of an answer: a fault of SOAP's, another status, or silence."""

    code: str = ""
    text: str = ""
    status: int = 500
    seconds: float = 0


@dataclass
class ERP:
    orders: list[tuple[str, str, str, str]]
    revision: int = 1
    # Of the calls that come, one after the other; then there are none.
    faults: list[Fault | None] = field(default_factory=list)
    # After the answer to so many calls an order is added, and the revision is another.
    changes: set[int] = field(default_factory=set)
    password: str = ""
    calls: list[int] = field(default_factory=list)
    # What an answer says of itself, in place of the truth.
    total: int | None = None

    def answer(self, plant: str, page: int, size: int) -> str:
        self.calls.append(page)
        first = (page - 1) * size
        part = self.orders[first : first + size] if plant == "P100" else []
        total = len(self.orders) if plant == "P100" else 0
        lines = "".join(
            f"<t:order><t:number>{escape(number)}</t:number><t:material>{escape(material)}</t:material>"
            f"<t:quantity>{quantity}</t:quantity><t:amount>{amount}</t:amount></t:order>"
            for number, material, quantity, amount in part
        )
        text = (
            f'<t:ListOpenOrdersResponse xmlns:t="{NAMESPACE}"><t:revision>{self.revision}</t:revision>'
            f"<t:total>{total if self.total is None else self.total}</t:total>"
            f"<t:more>{str(first + size < total).lower()}</t:more>{lines}</t:ListOpenOrdersResponse>"
        )
        if len(self.calls) in self.changes:
            # At the front, so that every later page has moved.
            self.orders.insert(0, (f"N{self.revision}", "M-NEW", "1", "1.00"))
            self.revision += 1
        return text


class SoapServer:
    """On the loopback, until it is closed."""

    def __init__(self, erp: ERP):
        self.erp = erp
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def is_allowed(self) -> bool:
                if not erp.password or self.headers.get("Authorization") == erp.password:
                    return True
                self.reply(401, "")
                return False

            def reply(self, status: int, text: str) -> None:
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                if self.is_allowed():
                    self.reply(200, WSDL.format(namespace=NAMESPACE, address=server.address))

            def do_POST(self) -> None:
                request = ElementTree.fromstring(self.rfile.read(int(self.headers["Content-Length"])))
                if not self.is_allowed():
                    return
                fault = erp.faults.pop(0) if erp.faults else None
                if fault and fault.seconds:
                    server.stopped.wait(fault.seconds)
                if fault and fault.code:
                    words = f"<faultcode>{fault.code}</faultcode><faultstring>{fault.text}</faultstring>"
                    return self.reply(fault.status, envelope(f"<soap:Fault>{words}</soap:Fault>"))
                if fault and not fault.seconds:
                    return self.reply(fault.status, "")
                call = request.find(f".//{{{NAMESPACE}}}ListOpenOrders")
                plant, page, size = (element.text or "" for element in call)
                try:
                    self.reply(200, envelope(erp.answer(plant, int(page), int(size))))
                except BrokenPipeError:
                    pass  # it has given up waiting

        self.stopped = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/orders"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.stopped.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def envelope(body: str) -> str:
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<?xml version="1.0"?><soap:Envelope xmlns:soap="{soap}"><soap:Body>{body}</soap:Body></soap:Envelope>'
