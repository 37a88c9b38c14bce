"""Reads CSRs with the package `cryptography`: one base64 DER a line in, one JSON line out."""

import base64
import hashlib
import json
import platform
import sys
import warnings

import cryptography
from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import AttributeOID, ExtensionOID

UNSTRUCTURED_NAME = x509.ObjectIdentifier("1.2.840.113549.1.9.2")

KEY_USAGES = (
    ("digitalSignature", "digital_signature"),
    ("nonRepudiation", "content_commitment"),
    ("keyEncipherment", "key_encipherment"),
    ("dataEncipherment", "data_encipherment"),
    ("keyAgreement", "key_agreement"),
    ("keyCertSign", "key_cert_sign"),
    ("cRLSign", "crl_sign"),
)

STRING_TAGS = {12: "utf-8", 18: "ascii", 19: "ascii", 22: "ascii", 26: "ascii", 30: "utf-16-be"}


def main():
    if sys.argv[1:] == ["version"]:
        print(f"cryptography {cryptography.__version__} (Python {platform.python_version()})")
        return
    warnings.simplefilter("ignore")
    for line in iter(sys.stdin.buffer.readline, b""):
        print(json.dumps(answer(line)), flush=True)


def answer(line):
    try:
        csr = x509.load_der_x509_csr(base64.b64decode(line))
        reading = {"accepted": True}
        parts = (subject, key, signature, extensions, attributes)
    except Exception as fault:  # Whatever it throws is its opinion.
        return {"accepted": False, "error": said(fault)}
    for part in parts:
        try:
            part(csr, reading)
        except Exception as fault:
            complain(reading, fault)
    return reading


def said(fault):
    return f"{type(fault).__name__}: {fault}"


def complain(reading, fault):
    before = reading.get("error")
    reading["error"] = said(fault) if before is None else f"{before}; {said(fault)}"


def subject(csr, reading):
    reading["subject"] = name(csr.subject)


def name(rdns):
    return [[attribute(one) for one in rdn] for rdn in rdns.rdns]


def attribute(one):
    read = {"type": one.oid.dotted_string, "tag": one._type.value}
    if isinstance(one.value, bytes):
        read["der"] = one.value.hex()
    else:
        read["value"] = one.value
    return read


def key(csr, reading):
    try:
        public = csr.public_key()
    except (UnsupportedAlgorithm, ValueError) as fault:
        reading["key"] = {"kind": "other"}
        complain(reading, fault)
        return
    spki = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    reading["key"] = {**kind(public), "spkiSha256": hashlib.sha256(spki).hexdigest()}


def kind(public):
    if isinstance(public, rsa.RSAPublicKey):
        return {"kind": "rsa", "bits": public.key_size}
    if isinstance(public, ec.EllipticCurvePublicKey):
        return {"kind": "ec", "bits": public.key_size, "curve": public.curve.name}
    if isinstance(public, dsa.DSAPublicKey):
        return {"kind": "dsa", "bits": public.key_size}
    if isinstance(public, ed25519.Ed25519PublicKey):
        return {"kind": "ed25519"}
    if isinstance(public, ed448.Ed448PublicKey):
        return {"kind": "ed448"}
    return {"kind": type(public).__name__}


def signature(csr, reading):
    reading["signatureAlgorithm"] = csr.signature_algorithm_oid.dotted_string
    try:
        reading["signatureValid"] = csr.is_signature_valid
    except (InternalError, UnsupportedAlgorithm, ValueError) as fault:
        reading["signatureValid"] = "cannot"
        complain(reading, fault)


EXTENSION_FIELDS = (
    "san",
    "extensions",
    "extensionOrder",
    "extensionValues",
    "keyUsage",
    "extendedKeyUsage",
    "basicConstraints",
    "subjectKeyIdentifier",
    "tlsFeature",
)


def extensions(csr, reading):
    """It decodes all of them or none."""
    try:
        decoded = csr.extensions
    except Exception as fault:
        reading["cannot"] = EXTENSION_FIELDS
        complain(reading, fault)
        return
    reading["extensions"] = []
    for one in decoded:
        reading["extensions"].append(extension(one))
        decode = KNOWN.get(one.oid)
        if decode is not None:
            decode(one, reading)


def extension(one):
    """The octets are given out only for extensions that it does not know."""
    read = {"oid": one.oid.dotted_string, "critical": one.critical}
    if isinstance(one.value, x509.UnrecognizedExtension):
        read["value"] = one.value.value.hex()
    return read


def alternative_names(one, reading):
    names = [alternative_name(each) for each in one.value]
    reading["san"] = {"critical": one.critical, "names": names}


SIMPLE_NAMES = {
    x509.DNSName: "dns",
    x509.RFC822Name: "email",
    x509.UniformResourceIdentifier: "uri",
}


def alternative_name(each):
    if isinstance(each, x509.IPAddress):
        return {"type": "ip", "value": str(each.value)}
    if isinstance(each, x509.RegisteredID):
        return {"type": "rid", "value": each.value.dotted_string}
    if isinstance(each, x509.DirectoryName):
        return {"type": "dirName", "value": name(each.value)}
    if isinstance(each, x509.OtherName):
        return {"type": "otherName", "oid": each.type_id.dotted_string, "der": each.value.hex()}
    return {"type": SIMPLE_NAMES[type(each)], "value": each.value}


def key_usage(one, reading):
    usages = [name for name, attribute in KEY_USAGES if getattr(one.value, attribute)]
    if one.value.key_agreement:
        usages += ["encipherOnly"] if one.value.encipher_only else []
        usages += ["decipherOnly"] if one.value.decipher_only else []
    reading["keyUsage"] = usages


def extended_key_usage(one, reading):
    reading["extendedKeyUsage"] = [usage.dotted_string for usage in one.value]


def basic_constraints(one, reading):
    read = {"ca": one.value.ca}
    if one.value.path_length is not None:
        read["pathLength"] = one.value.path_length
    reading["basicConstraints"] = read


def subject_key_identifier(one, reading):
    reading["subjectKeyIdentifier"] = one.value.digest.hex()


def tls_feature(one, reading):
    reading["tlsFeature"] = [feature.value for feature in one.value]


KNOWN = {
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME: alternative_names,
    ExtensionOID.KEY_USAGE: key_usage,
    ExtensionOID.EXTENDED_KEY_USAGE: extended_key_usage,
    ExtensionOID.BASIC_CONSTRAINTS: basic_constraints,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER: subject_key_identifier,
    ExtensionOID.TLS_FEATURE: tls_feature,
}


def attributes(csr, reading):
    """It gives the content octets of a value and the type of the string."""
    fields = {
        AttributeOID.CHALLENGE_PASSWORD: "challengePassword",
        UNSTRUCTURED_NAME: "unstructuredName",
    }
    for one in csr.attributes:
        field = fields.get(one.oid)
        encoding = STRING_TAGS.get(one._type)
        if field is not None and encoding is not None:
            reading[field] = one.value.decode(encoding)


if __name__ == "__main__":
    main()
