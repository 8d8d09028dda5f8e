package sample

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

func check(key, body []byte, sent string) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	// ruleid: signature-compared-plainly-go
	return hex.EncodeToString(mac.Sum(nil)) == sent
}

func checkBytes(key, body, sent []byte) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	made := mac.Sum(nil)
	// ruleid: signature-compared-plainly-go
	return bytes.Equal(made, sent)
}

func inConstantTime(key, body, sent []byte) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write(body)
	// ok: signature-compared-plainly-go
	return hmac.Equal(mac.Sum(nil), sent)
}

func checksum(body []byte, sent string) bool {
	sum := sha256.Sum256(body)
	// ok: signature-compared-plainly-go
	return hex.EncodeToString(sum[:]) == sent
}
