"""A web server on loopback that sends given answers, byte for byte, and a resolver by which names lead to it."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, ip_address
from pathlib import Path

from rag.reading.articles import ReadResult
from rag.reading.documents import FILE_LIMITS, FileLimits
from rag.reading.web.article import fetch_article
from rag.reading.web.download import DOWNLOAD_LIMITS, DownloadLimits
from rag.reading.web.transport import Endpoint
from rag.reading.web.url import IP, is_public
from tests.support.files import SENTENCE, html_page

LOOPBACK = IPv4Address("127.0.0.1")

Answer = bytes | Callable[[socket.socket], None]  # sent as it is, or by a function that has the connection

PAGE = "http://news.example/lamp"
LAMP_PAGE = html_page(
    f"<h1>The lamp</h1><p>{SENTENCE}</p><p>{SENTENCE} And more.</p>", "<title>The lamp</title>"
)


def reply(
    body: bytes | str = b"",
    kind: str = "text/html",
    *,
    status: str = "200 OK",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """A whole reply; ``length`` is the length that it states of its body, if that is not the true one."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": kind, "Content-Length": str(len(data) if length is None else length)}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + data


def moved(to: str, status: str = "302 Found") -> bytes:
    return reply(status=status, Location=to)


class Web:
    """``requests`` are those that came, as text; ``endpoint`` is where the server listens."""

    def __init__(
        self, answers: Mapping[str, Answer], listening: socket.socket, secure: ssl.SSLContext | None
    ) -> None:
        self.answers = dict(answers)
        self.requests: list[str] = []
        self.connections = 0
        self.endpoint: Endpoint = (LOOPBACK, listening.getsockname()[1])
        self._listening, self._secure = listening, secure

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:  # closed: the end
                return
            self.connections += 1
            with connection, suppress(OSError, ssl.SSLError):  # the client may close at any time
                connection.settimeout(20)
                if self._secure is None:
                    self._answer(connection)
                else:
                    with self._secure.wrap_socket(connection, server_side=True) as inner:
                        self._answer(inner)

    def _answer(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request and (data := connection.recv(65536)):
            request += data
        if b"\r\n\r\n" not in request:
            return
        self.requests.append(request.decode("latin-1"))
        answer = self.answers.get(request.split()[1].decode(), reply("gone", status="404 Not Found"))
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection)

    def resolve(self, host: str, port: int) -> tuple[Endpoint, ...]:
        """Every name leads to this server, but for those that are IP addresses."""
        try:
            return ((ip_address(host), port),)
        except ValueError:
            return (self.endpoint,)

    @staticmethod
    def allowed(ip: IP) -> bool:
        return ip == LOOPBACK or is_public(ip)


@contextmanager
def web(answers: Mapping[str, Answer], *, secure: ssl.SSLContext | None = None) -> Iterator[Web]:
    """A server that sends the answer for each path, one connection at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Web(answers, listening, secure)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(20)


def fetch_from(
    served: Web,
    address: str = PAGE,
    *,
    limits: DownloadLimits = DOWNLOAD_LIMITS,
    file_limits: FileLimits = FILE_LIMITS,
) -> ReadResult:
    """The article at ``address``, whose name leads to this server."""
    return fetch_article(
        address, resolve=served.resolve, allowed=served.allowed, limits=limits, file_limits=file_limits
    )


def fetch_reply(
    answer: Answer, *, limits: DownloadLimits = DOWNLOAD_LIMITS, file_limits: FileLimits = FILE_LIMITS
) -> ReadResult:
    """The article at ``PAGE``, which is sent as ``answer``."""
    with web({"/lamp": answer}) as served:
        return fetch_from(served, limits=limits, file_limits=file_limits)


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate for ``name``, and the file of the authority that signed it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def common_name(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    now = datetime.datetime.now(datetime.UTC)
    authority, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def start(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(common_name(subject))
            .issuer_name(common_name("Orrin Authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    signer = (
        start("Orrin Authority", authority)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority, hashes.SHA256())
    )
    signed = (
        start(name, server_key)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(authority, hashes.SHA256())
    )
    trusted, chain = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(signer.public_bytes(serialization.Encoding.PEM))
    key = server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(key + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context, trusted
