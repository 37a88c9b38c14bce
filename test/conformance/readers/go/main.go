// Reads CSRs with Go's crypto/x509: one base64 DER a line in, one JSON line out.
//
// What x509.CertificateRequest does not parse by itself is decoded by Go's encoding/asn1, and the
// extensions that only certificates have in Go by x509.ParseCertificate: they are put into a
// certificate made for that.
package main

import (
	"bufio"
	"crypto/dsa"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"time"
)

type attribute struct {
	Type  string  `json:"type"`
	Value *string `json:"value,omitempty"`
	Der   string  `json:"der,omitempty"`
	Tag   int     `json:"tag,omitempty"`
}

type key struct {
	Kind       string `json:"kind"`
	Bits       int    `json:"bits,omitempty"`
	Curve      string `json:"curve,omitempty"`
	SpkiSha256 string `json:"spkiSha256"`
}

type name struct {
	Type  string `json:"type"`
	Oid   string `json:"oid,omitempty"`
	Value any    `json:"value,omitempty"`
	Der   string `json:"der,omitempty"`
}

type san struct {
	Critical bool   `json:"critical"`
	Names    []name `json:"names"`
}

type extension struct {
	Oid      string `json:"oid"`
	Critical bool   `json:"critical"`
	Value    string `json:"value"`
}

type basicConstraints struct {
	Ca         bool `json:"ca"`
	PathLength *int `json:"pathLength,omitempty"`
}

type reading struct {
	Accepted             bool              `json:"accepted"`
	Error                string            `json:"error,omitempty"`
	SignatureValid       any               `json:"signatureValid,omitempty"`
	Subject              [][]attribute     `json:"subject"`
	Key                  *key              `json:"key,omitempty"`
	SignatureAlgorithm   string            `json:"signatureAlgorithm,omitempty"`
	San                  *san              `json:"san,omitempty"`
	Extensions           []extension       `json:"extensions"`
	KeyUsage             []string          `json:"keyUsage,omitempty"`
	ExtendedKeyUsage     []string          `json:"extendedKeyUsage,omitempty"`
	BasicConstraints     *basicConstraints `json:"basicConstraints,omitempty"`
	SubjectKeyIdentifier string            `json:"subjectKeyIdentifier,omitempty"`
	TlsFeature           []int             `json:"tlsFeature,omitempty"`
	ChallengePassword    *string           `json:"challengePassword,omitempty"`
	UnstructuredName     *string           `json:"unstructuredName,omitempty"`
}

type refusal struct {
	Accepted bool   `json:"accepted"`
	Error    string `json:"error"`
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "version" {
		fmt.Println(runtime.Version())
		return
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		if err := out.Encode(answer(strings.TrimSpace(line))); err != nil {
			return
		}
	}
}

func answer(line string) (result any) {
	defer func() {
		if fault := recover(); fault != nil {
			result = refusal{Error: fmt.Sprintf("panic: %v", fault)}
		}
	}()
	der, err := base64.StdEncoding.DecodeString(line)
	if err != nil {
		return refusal{Error: err.Error()}
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return refusal{Error: err.Error()}
	}
	read := &reading{
		Accepted:   true,
		Key:        readKey(csr),
		Extensions: []extension{},
	}
	if csr.SignatureAlgorithm != x509.UnknownSignatureAlgorithm {
		read.SignatureAlgorithm = csr.SignatureAlgorithm.String()
	}
	read.SignatureValid = checkSignature(csr)
	read.Subject, err = readName(csr.RawSubject)
	read.complain(err)
	for _, ext := range csr.Extensions {
		read.Extensions = append(read.Extensions, extension{ext.Id.String(), ext.Critical, hex.EncodeToString(ext.Value)})
	}
	read.complain(read.names(csr))
	read.complain(read.certificateExtensions(csr))
	read.complain(read.attributes(csr))
	return read
}

func (read *reading) complain(err error) {
	if err == nil {
		return
	}
	if read.Error != "" {
		read.Error += "; "
	}
	read.Error += err.Error()
}

func checkSignature(csr *x509.CertificateRequest) any {
	err := csr.CheckSignature()
	var insecure x509.InsecureAlgorithmError
	if errors.Is(err, x509.ErrUnsupportedAlgorithm) || errors.As(err, &insecure) {
		return "cannot"
	}
	return err == nil
}

func readKey(csr *x509.CertificateRequest) *key {
	sum := sha256.Sum256(csr.RawSubjectPublicKeyInfo)
	read := &key{Kind: "other", SpkiSha256: hex.EncodeToString(sum[:])}
	switch public := csr.PublicKey.(type) {
	case *rsa.PublicKey:
		read.Kind, read.Bits = "rsa", public.N.BitLen()
	case *ecdsa.PublicKey:
		read.Kind, read.Bits, read.Curve = "ec", public.Params().BitSize, public.Params().Name
	case *dsa.PublicKey:
		read.Kind, read.Bits = "dsa", public.P.BitLen()
	case ed25519.PublicKey:
		read.Kind = "ed25519"
	}
	return read
}

type rawAttribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

type rawRelativeSET []rawAttribute

// readName has the values from pkix.RDNSequence and their string types from a second look.
func readName(der []byte) ([][]attribute, error) {
	var decoded pkix.RDNSequence
	var raw []rawRelativeSET
	if _, err := asn1.Unmarshal(der, &decoded); err != nil {
		return nil, err
	}
	if _, err := asn1.Unmarshal(der, &raw); err != nil {
		return nil, err
	}
	rdns := [][]attribute{}
	for i, set := range decoded {
		rdn := []attribute{}
		for j, one := range set {
			read := attribute{Type: one.Type.String(), Tag: raw[i][j].Value.Tag}
			if text, ok := one.Value.(string); ok {
				read.Value = &text
			} else {
				read.Der = hex.EncodeToString(raw[i][j].Value.FullBytes)
			}
			rdn = append(rdn, read)
		}
		rdns = append(rdns, rdn)
	}
	return rdns, nil
}

var (
	oidSan               = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidKeyUsage          = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidTlsFeature        = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}
	oidChallengePassword = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7}
	oidUnstructuredName  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 2}
)

// names has the values of the four types that crypto/x509 knows from there. It keeps a list for
// each type: the order across types and the other types come from encoding/asn1.
func (read *reading) names(csr *x509.CertificateRequest) error {
	for _, ext := range csr.Extensions {
		if !ext.Id.Equal(oidSan) {
			continue
		}
		var raw []asn1.RawValue
		if _, err := asn1.Unmarshal(ext.Value, &raw); err != nil {
			return err
		}
		known := typedNames(csr)
		read.San = &san{Critical: ext.Critical, Names: []name{}}
		for _, one := range raw {
			if left := known[one.Tag]; len(left) > 0 {
				if err := asWritten(one, &left[0]); err != nil {
					return err
				}
				read.San.Names = append(read.San.Names, left[0])
				known[one.Tag] = left[1:]
				continue
			}
			other, err := readOtherName(one)
			if err != nil {
				return err
			}
			read.San.Names = append(read.San.Names, other)
		}
		for _, left := range known {
			if len(left) > 0 {
				return fmt.Errorf("crypto/x509 has a name more: %v", left[0])
			}
		}
	}
	return nil
}

// asWritten undoes what url.URL normalises: the case of the scheme, escapes.
func asWritten(raw asn1.RawValue, read *name) error {
	if read.Type != "uri" {
		return nil
	}
	var text string
	_, err := asn1.UnmarshalWithParams(raw.FullBytes, &text, "tag:6,ia5")
	read.Value = text
	return err
}

func typedNames(csr *x509.CertificateRequest) map[int][]name {
	known := map[int][]name{}
	for _, value := range csr.EmailAddresses {
		known[1] = append(known[1], name{Type: "email", Value: value})
	}
	for _, value := range csr.DNSNames {
		known[2] = append(known[2], name{Type: "dns", Value: value})
	}
	for _, value := range csr.URIs {
		known[6] = append(known[6], name{Type: "uri", Value: value.String()})
	}
	for _, value := range csr.IPAddresses {
		address, _ := netip.AddrFromSlice(value)
		known[7] = append(known[7], name{Type: "ip", Value: address.String()})
	}
	return known
}

func readOtherName(raw asn1.RawValue) (name, error) {
	switch raw.Tag {
	case 0:
		return readTypedOther(raw)
	case 4:
		rdns, err := readName(raw.Bytes)
		return name{Type: "dirName", Value: rdns}, err
	case 8:
		var oid asn1.ObjectIdentifier
		_, err := asn1.UnmarshalWithParams(raw.FullBytes, &oid, "tag:8")
		return name{Type: "rid", Value: oid.String()}, err
	}
	return name{Type: "unknown", Der: hex.EncodeToString(raw.FullBytes)}, nil
}

func readTypedOther(raw asn1.RawValue) (name, error) {
	var oid asn1.ObjectIdentifier
	var wrapper asn1.RawValue
	rest, err := asn1.Unmarshal(raw.Bytes, &oid)
	if err != nil {
		return name{}, err
	}
	if _, err = asn1.Unmarshal(rest, &wrapper); err != nil {
		return name{}, err
	}
	read := name{Type: "otherName", Oid: oid.String(), Der: hex.EncodeToString(wrapper.Bytes)}
	var text string
	if _, err = asn1.Unmarshal(wrapper.Bytes, &text); err == nil {
		read.Value = text
	}
	return read, nil
}

var throwaway = func() ed25519.PrivateKey {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return private
}()

var keyUsages = []string{
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
	"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
}

func (read *reading) certificateExtensions(csr *x509.CertificateRequest) error {
	if len(csr.Extensions) == 0 {
		return nil
	}
	certificate, err := certificateWith(csr.Extensions)
	if err != nil {
		return err
	}
	for _, ext := range certificate.Extensions {
		if ext.Id.Equal(oidKeyUsage) {
			read.KeyUsage = []string{}
		}
		if ext.Id.Equal(oidTlsFeature) {
			if _, err := asn1.Unmarshal(ext.Value, &read.TlsFeature); err != nil {
				return err
			}
		}
	}
	for bit, usage := range keyUsages {
		if int(certificate.KeyUsage)&(1<<bit) != 0 {
			read.KeyUsage = append(read.KeyUsage, usage)
		}
	}
	if certificate.BasicConstraintsValid {
		read.BasicConstraints = &basicConstraints{Ca: certificate.IsCA}
		if certificate.MaxPathLen > 0 || certificate.MaxPathLenZero {
			read.BasicConstraints.PathLength = &certificate.MaxPathLen
		}
	}
	read.SubjectKeyIdentifier = hex.EncodeToString(certificate.SubjectKeyId)
	return read.extendedKeyUsage(certificate)
}

func certificateWith(extensions []pkix.Extension) (*x509.Certificate, error) {
	template := &x509.Certificate{
		SerialNumber:    big.NewInt(1),
		NotBefore:       time.Unix(0, 0),
		NotAfter:        time.Unix(1, 0),
		ExtraExtensions: extensions,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, throwaway.Public(), throwaway)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// extendedKeyUsage takes the OIDs in their order from encoding/asn1; crypto/x509 has to know as
// many, of which it keeps those with a name in a list of their own.
func (read *reading) extendedKeyUsage(certificate *x509.Certificate) error {
	for _, ext := range certificate.Extensions {
		if ext.Id.String() != "2.5.29.37" {
			continue
		}
		var oids []asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(ext.Value, &oids); err != nil {
			return err
		}
		if len(oids) != len(certificate.ExtKeyUsage)+len(certificate.UnknownExtKeyUsage) {
			return errors.New("crypto/x509 and encoding/asn1 differ on the extended key usages")
		}
		for _, oid := range oids {
			read.ExtendedKeyUsage = append(read.ExtendedKeyUsage, oid.String())
		}
	}
	return nil
}

type requestInfo struct {
	Version    int
	Subject    asn1.RawValue
	PublicKey  asn1.RawValue
	Attributes []asn1.RawValue `asn1:"tag:0"`
}

type requestAttribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

func (read *reading) attributes(csr *x509.CertificateRequest) error {
	var info requestInfo
	if _, err := asn1.Unmarshal(csr.RawTBSCertificateRequest, &info); err != nil {
		return err
	}
	for _, raw := range info.Attributes {
		var one requestAttribute
		if _, err := asn1.Unmarshal(raw.FullBytes, &one); err != nil {
			return err
		}
		target := map[string]**string{
			oidChallengePassword.String(): &read.ChallengePassword,
			oidUnstructuredName.String():  &read.UnstructuredName,
		}[one.Type.String()]
		if target == nil {
			continue
		}
		if len(one.Values) != 1 {
			return fmt.Errorf("%s has %d values", one.Type, len(one.Values))
		}
		var text string
		if _, err := asn1.Unmarshal(one.Values[0].FullBytes, &text); err != nil {
			return err
		}
		*target = &text
	}
	return nil
}
