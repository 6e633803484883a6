"""A web server on loopback that says what it is told to, byte for byte, and a world in which names lead to it."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, ip_address
from pathlib import Path

from rag.reading.web.download import Place
from rag.reading.web.url import IP, is_public

LOOPBACK = IPv4Address("127.0.0.1")

Say = bytes | Callable[[socket.socket], None]


def reply(
    body: bytes | str = b"",
    kind: str = "text/html",
    *,
    status: str = "200 OK",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """A whole reply; ``length`` is what it says of its body, where that is not its length."""
    data = body.encode() if isinstance(body, str) else body
    said = {"Content-Type": kind, "Content-Length": str(len(data) if length is None else length)}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + data


def moved(to: str, status: str = "302 Found") -> bytes:
    return reply(status=status, Location=to)


class Web:
    """What was asked, as it came, is in ``asked``; ``place`` is where the server listens."""

    def __init__(
        self, says: Mapping[str, Say], listening: socket.socket, secure: ssl.SSLContext | None
    ) -> None:
        self.says = dict(says)
        self.asked: list[str] = []
        self.connections = 0
        self.place: Place = (LOOPBACK, listening.getsockname()[1])
        self._listening, self._secure = listening, secure

    def serve(self) -> None:
        while True:
            try:
                one, _ = self._listening.accept()
            except OSError:  # closed: the end
                return
            self.connections += 1
            with one, suppress(OSError, ssl.SSLError):  # whoever asks may go at any time
                one.settimeout(20)
                if self._secure is None:
                    self._answer(one)
                else:
                    with self._secure.wrap_socket(one, server_side=True) as inner:
                        self._answer(inner)

    def _answer(self, one: socket.socket) -> None:
        heard = b""
        while b"\r\n\r\n" not in heard and (more := one.recv(65536)):
            heard += more
        if b"\r\n\r\n" not in heard:
            return
        self.asked.append(heard.decode("latin-1"))
        say = self.says.get(heard.split()[1].decode(), reply("gone", status="404 Not Found"))
        if isinstance(say, bytes):
            one.sendall(say)
        else:
            say(one)

    # What `fetch` takes: every name leads here, but for those that are IP addresses.

    def resolve(self, host: str, port: int) -> tuple[Place, ...]:
        try:
            return ((ip_address(host), port),)
        except ValueError:
            return (self.place,)

    @staticmethod
    def allowed(ip: IP) -> bool:
        return ip == LOOPBACK or is_public(ip)


@contextmanager
def web(says: Mapping[str, Say], *, secure: ssl.SSLContext | None = None) -> Iterator[Web]:
    """A server that answers each path with what ``says`` has for it, one connection at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Web(says, listening, secure)
        running = threading.Thread(target=made.serve, daemon=True)
        running.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
    running.join(20)


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate for ``name``, and the file of the authority that signed it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def named(what: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, what)])

    now = datetime.datetime.now(datetime.UTC)
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def start(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named("Orrin Authority"))
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
        start(name, own)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(authority, hashes.SHA256())
    )
    trusted, chain = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(signer.public_bytes(serialization.Encoding.PEM))
    key = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(key + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context, trusted
