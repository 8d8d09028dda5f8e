package sample

import (
	"crypto/sha256"

	"golang.org/x/crypto/bcrypt"
)

func store(password string) [32]byte {
	// ruleid: password-hashed-fast-go
	return sha256.Sum256([]byte(password))
}

func quick(password []byte) ([]byte, error) {
	// ruleid: password-hashed-fast-go
	return bcrypt.GenerateFromPassword(password, bcrypt.MinCost)
}

func slow(password []byte) ([]byte, error) {
	// ok: password-hashed-fast-go
	return bcrypt.GenerateFromPassword(password, 12)
}

func usual(password []byte) ([]byte, error) {
	// ok: password-hashed-fast-go
	return bcrypt.GenerateFromPassword(password, bcrypt.DefaultCost)
}

func checksum(data []byte) [32]byte {
	// ok: password-hashed-fast-go
	return sha256.Sum256(data)
}
