package sample

import "math/rand"

func newToken(size int) string {
	out := make([]byte, size)
	for i := range out {
		// ruleid: random-token-go
		out[i] = letters[rand.Intn(len(letters))]
	}
	return string(out)
}

func newResetCode() int {
	// ruleid: random-token-go
	return 100000 + rand.Intn(900000)
}

func pickColour() string {
	// ok: random-token-go
	return colours[rand.Intn(len(colours))]
}

func delay() int {
	// ok: random-token-go
	return rand.Intn(500)
}
