"""Makes CSRs with the package `cryptography` and the private keys in the directory it is given:
for each a line with a description, a tab and base64 DER."""

import base64
import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import AttributeOID, ExtendedKeyUsageOID, NameOID

UPN = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")

SUBJECT = [
    (NameOID.COUNTRY_NAME, "DE"),
    (NameOID.STATE_OR_PROVINCE_NAME, "Bayern"),
    (NameOID.LOCALITY_NAME, "München"),
    (NameOID.ORGANIZATION_NAME, "Example GmbH"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "IT"),
    (NameOID.COMMON_NAME, "a.example.com"),
]

NAMES = x509.SubjectAlternativeName(
    [
        x509.DNSName("a.example.com"),
        x509.DNSName("*.b.example.com"),
        x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
        x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
    ]
)

OTHER_NAMES = x509.SubjectAlternativeName(
    [
        x509.RFC822Name("a@example.com"),
        x509.UniformResourceIdentifier("https://example.com/a,b?c=d"),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
        x509.OtherName(UPN, b"\x0c\x0da@example.com"),
        x509.DirectoryName(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a, b + c = Zoë")])
        ),
    ]
)

RDNS = [
    [(NameOID.ORGANIZATION_NAME, "A"), (NameOID.ORGANIZATIONAL_UNIT_NAME, "B")],
    [(NameOID.COMMON_NAME, " Zoë, 👍 #\"+=;<>\\ "), (NameOID.SERIAL_NUMBER, "42")],
]


def usages(*wanted):
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{usage: usage in wanted for usage in every})


SERVER = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]

MUST_STAPLE = x509.TLSFeature([x509.TLSFeatureType.status_request])

SINGLE = [[attribute] for attribute in SUBJECT]

VARIANTS = [
    ("RSA 2048, no extension", "rsa-2048", SINGLE, [], None),
    ("RSA 3072, names", "rsa-3072", SINGLE, [(NAMES, False)], None),
    ("RSA 4096, a password", "rsa-4096", SINGLE, [], "pass, word \\ ü"),
    (
        "P-256, key usages",
        "ecdsa-p256",
        SINGLE,
        [
            (NAMES, False),
            (usages("digital_signature", "key_agreement", "encipher_only"), True),
            (x509.ExtendedKeyUsage(SERVER), False),
            (MUST_STAPLE, False),
        ],
        None,
    ),
    (
        "P-384, a CA",
        "ecdsa-p384",
        SINGLE,
        [
            (x509.BasicConstraints(ca=True, path_length=0), True),
            (usages("key_cert_sign", "crl_sign"), True),
            (x509.SubjectKeyIdentifier(bytes(range(20))), False),
        ],
        None,
    ),
    ("P-521, other names", "ecdsa-p521", SINGLE, [(OTHER_NAMES, False)], None),
    ("Ed25519", "ed25519", SINGLE, [(NAMES, False)], None),
    ("RDNs with several attributes", "ecdsa-p256", RDNS, [], None),
    ("no subject", "ecdsa-p256", [], [(NAMES, True)], None),
]


def main():
    directory = pathlib.Path(sys.argv[1])
    for what, key, subject, extensions, password in VARIANTS:
        pem = (directory / f"{key}.pem").read_bytes()
        private = serialization.load_pem_private_key(pem, None)
        der = make(private, subject, extensions, password)
        print(what, base64.b64encode(der).decode(), sep="\t")


def make(private, subject, extensions, password):
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name(
            x509.RelativeDistinguishedName(x509.NameAttribute(*one) for one in rdn)
            for rdn in subject
        )
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    if password is not None:
        builder = builder.add_attribute(AttributeOID.CHALLENGE_PASSWORD, password.encode())
    digest = None if isinstance(private, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(private, digest).public_bytes(serialization.Encoding.DER)


if __name__ == "__main__":
    main()
