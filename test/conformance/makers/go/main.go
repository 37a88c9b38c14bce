// Makes CSRs with Go's crypto/x509 and the private keys in the directory it is given: for each a
// line with a description, a tab and base64 DER.
package main

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
)

type variant struct {
	what     string
	key      string
	template x509.CertificateRequest
}

func main() {
	for _, one := range variants() {
		der, err := x509.CreateCertificateRequest(rand.Reader, &one.template, privateKey(os.Args[1], one.key))
		check(err)
		fmt.Printf("%s\t%s\n", one.what, base64.StdEncoding.EncodeToString(der))
	}
}

func variants() []variant {
	subject := pkix.Name{
		Country:            []string{"DE"},
		Organization:       []string{"Example GmbH", "Zoë & Söhne"},
		OrganizationalUnit: []string{"IT", "Réseau", "👍"},
		Locality:           []string{"München"},
		Province:           []string{"Bayern"},
		StreetAddress:      []string{"Straße 1"},
		PostalCode:         []string{"80331"},
		CommonName:         "a.example.com",
		SerialNumber:       "42",
	}
	plain := pkix.Name{Organization: []string{"Example"}, CommonName: "a.example.com"}
	names := []string{"a.example.com", "*.b.example.com"}
	uri, err := url.Parse("spiffe://example.com/a/b?c=d")
	check(err)
	addresses := []net.IP{net.ParseIP("192.0.2.1").To4(), net.ParseIP("2001:db8::1")}
	return []variant{
		{"RSA 2048, no extension", "rsa-2048", x509.CertificateRequest{Subject: plain}},
		{"RSA 3072, SHA-384", "rsa-3072", x509.CertificateRequest{
			Subject: plain, SignatureAlgorithm: x509.SHA384WithRSA, DNSNames: names}},
		{"RSA 4096, SHA-512", "rsa-4096", x509.CertificateRequest{
			Subject: plain, SignatureAlgorithm: x509.SHA512WithRSA}},
		{"P-256, all names", "ecdsa-p256", x509.CertificateRequest{
			Subject: plain, DNSNames: names, IPAddresses: addresses, URIs: []*url.URL{uri},
			EmailAddresses: []string{"a@example.com"}}},
		{"P-384, lists in the subject", "ecdsa-p384", x509.CertificateRequest{Subject: subject}},
		{"P-521", "ecdsa-p521", x509.CertificateRequest{Subject: plain, DNSNames: names}},
		{"Ed25519", "ed25519", x509.CertificateRequest{Subject: plain, DNSNames: names}},
		{"other extensions", "ecdsa-p256", x509.CertificateRequest{
			Subject: plain, DNSNames: names, ExtraExtensions: extensions()}},
		{"no subject", "ecdsa-p256", x509.CertificateRequest{DNSNames: names}},
		{"other attributes", "rsa-2048", x509.CertificateRequest{
			Subject: pkix.Name{CommonName: "a", ExtraNames: []pkix.AttributeTypeAndValue{
				{Type: asn1.ObjectIdentifier{2, 5, 4, 12}, Value: "Dr."},
				{Type: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 55555, 2}, Value: "of no standard"},
			}}}},
	}
}

func extensions() []pkix.Extension {
	usage, err := asn1.Marshal(asn1.BitString{Bytes: []byte{0xa0}, BitLength: 3})
	check(err)
	purposes, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 1}, {1, 2, 3, 4}})
	check(err)
	constraints, err := asn1.Marshal(struct {
		CA     bool
		Length int
	}{true, 0})
	check(err)
	features, err := asn1.Marshal([]int{5})
	check(err)
	return []pkix.Extension{
		{Id: asn1.ObjectIdentifier{2, 5, 29, 15}, Critical: true, Value: usage},
		{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Value: purposes},
		{Id: asn1.ObjectIdentifier{2, 5, 29, 19}, Critical: true, Value: constraints},
		{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: features},
	}
}

func privateKey(directory, name string) any {
	text, err := os.ReadFile(filepath.Join(directory, name+".pem"))
	check(err)
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	check(err)
	return key
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
