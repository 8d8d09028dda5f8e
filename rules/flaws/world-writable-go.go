package sample

import "os"

func share(path string) {
	// ruleid: world-writable-go
	os.Chmod(path, 0777)
}

func keep(path string, data []byte) {
	// ruleid: world-writable-go
	os.WriteFile(path, data, 0o777)
}

func own(path string) {
	// ok: world-writable-go
	os.Chmod(path, 0o600)
}

func keepOwn(path string, data []byte) {
	// ok: world-writable-go
	os.WriteFile(path, data, 0o666)
}
