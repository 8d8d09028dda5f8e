package sample

import (
	"crypto/cipher"
	"crypto/rand"
	"io"
)

func seal(aead cipher.AEAD, text []byte) []byte {
	nonce := make([]byte, aead.NonceSize())
	// ruleid: fixed-iv-go
	return aead.Seal(nil, nonce, text, nil)
}

func stream(block cipher.Block) cipher.Stream {
	// ruleid: fixed-iv-go
	return cipher.NewCTR(block, []byte("0123456789abcdef"))
}

func fresh(aead cipher.AEAD, text []byte) ([]byte, error) {
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return nil, err
	}
	// ok: fixed-iv-go
	return aead.Seal(nonce, nonce, text, nil), nil
}

func given(block cipher.Block, iv []byte) cipher.Stream {
	// ok: fixed-iv-go
	return cipher.NewCTR(block, iv)
}
