/**
 * The private key in the examples of uploads: testECCP256 of RFC 9500, which is published for this, so that whoever finds it
 * in use can tell that it protects nothing.
 */
export const examplePrivateKey = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIObLW92AqkWunJXowVR2Z5/+yVPBaFHnEedDk5WJxk/BoAoGCCqGSM49
AwEHoUQDQgAEQiVI+I+3gv+17KN0RFLHKh5Vj71vc75eSOkyMsxFxbFsTNEMTLjV
uKFxOelIgsiZJXKZNCX0FBmrfpCkKklCcg==
-----END EC PRIVATE KEY-----
`

/** Its public half. */
export const examplePublicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQiVI+I+3gv+17KN0RFLHKh5Vj71v
c75eSOkyMsxFxbFsTNEMTLjVuKFxOelIgsiZJXKZNCX0FBmrfpCkKklCcg==
-----END PUBLIC KEY-----
`

/** A CSR for edge-1.example.com. */
export const exampleCsr = `-----BEGIN CERTIFICATE REQUEST-----
MIIBKTCB0QIBADA5MQswCQYDVQQGEwJVUzENMAsGA1UEChMEQUNNRTEbMBkGA1UE
AxMSZWRnZS0xLmV4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
uyG5wND1QDsDTRfmnOxBrcnSHI0ZLuCv9Hd6f0qOmqOwkzFHRQbFDoUDd9K2E7ey
9dklJsoZjRy1Mp04Z/YIMqA2MDQGCSqGSIb3DQEJDjEnMCUwIwYDVR0RBBwwGoIS
ZWRnZS0xLmV4YW1wbGUuY29thwTAAAIKMAoGCCqGSM49BAMCA0cAMEQCIA3szObP
P/7QvDnNihjNhdx3ctpYHkA0dbkGsmmPbYzrAiAJrQORdXKJxd+SgeON6jI0WvvI
MFLSAJ6/+xa8RdqZkQ==
-----END CERTIFICATE REQUEST-----
`
