// Reads CSRs with Go's crypto/x509, holds each against what was asked for, and verifies its signature.
//
// In: a JSON line for each CSR, with its file and what it has to say. Out: one JSON document.
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
)

type asked struct {
	File         string   `json:"file"`
	CommonName   string   `json:"commonName"`
	Organization string   `json:"organization"`
	DNS          []string `json:"dns"`
	IPs          []string `json:"ips"`
}

type fault struct {
	File  string `json:"file"`
	Fault string `json:"fault"`
}

type report struct {
	Passed int     `json:"passed"`
	Failed int     `json:"failed"`
	Keys   int     `json:"keys"`
	Faults []fault `json:"faults"`
}

const shownFaults = 20

func main() {
	lines := make(chan []byte, 1024)
	var all report
	keys := map[[32]byte]bool{}
	var lock sync.Mutex
	var running sync.WaitGroup
	for i := 0; i < runtime.NumCPU(); i++ {
		running.Add(1)
		go func() {
			defer running.Done()
			for line := range lines {
				file, key, err := check(line)
				lock.Lock()
				all.add(file, err)
				if err == nil {
					keys[key] = true
				}
				lock.Unlock()
			}
		}()
	}
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	for input.Scan() {
		lines <- append([]byte(nil), input.Bytes()...)
	}
	close(lines)
	running.Wait()
	if err := input.Err(); err != nil {
		all.add("standard input", err)
	}
	all.Keys = len(keys)
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		panic(err)
	}
}

func (all *report) add(file string, err error) {
	if err == nil {
		all.Passed++
		return
	}
	all.Failed++
	if len(all.Faults) < shownFaults {
		all.Faults = append(all.Faults, fault{file, err.Error()})
	}
}

// Gives the SHA-256 of the public key as well: no two CSRs may have the same.
func check(line []byte) (file string, key [32]byte, err error) {
	var want asked
	if err = json.Unmarshal(line, &want); err != nil {
		return "standard input", key, err
	}
	csr, err := read(want.File)
	if err != nil {
		return want.File, key, err
	}
	if err = csr.CheckSignature(); err != nil {
		return want.File, key, err
	}
	key = sha256.Sum256(csr.RawSubjectPublicKeyInfo)
	return want.File, key, compare(csr, want)
}

func read(file string) (*x509.CertificateRequest, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE REQUEST" || len(rest) > 0 {
		return nil, errors.New("the file is not one CSR in PEM")
	}
	return x509.ParseCertificateRequest(block.Bytes)
}

func compare(csr *x509.CertificateRequest, want asked) error {
	var ips []string
	for _, ip := range csr.IPAddresses {
		ips = append(ips, ip.String())
	}
	var organization []string
	if want.Organization != "" {
		organization = []string{want.Organization}
	}
	names := 1 + len(organization)
	found := fmt.Sprintf("%q", []any{csr.Subject.CommonName, csr.Subject.Organization, len(csr.Subject.Names), csr.DNSNames, ips})
	expected := fmt.Sprintf("%q", []any{want.CommonName, organization, names, want.DNS, want.IPs})
	if found != expected || len(csr.EmailAddresses)+len(csr.URIs) > 0 {
		return fmt.Errorf("it has %s and not %s", found, expected)
	}
	return nil
}
