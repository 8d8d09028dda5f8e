package sample

import (
	"fmt"
	"os/exec"
)

func convert(name string) error {
	// ruleid: shell-text-built-go
	return exec.Command("sh", "-c", fmt.Sprintf("convert %s out.png", name)).Run()
}

func size(path string) ([]byte, error) {
	// ruleid: shell-text-built-go
	return exec.Command("/bin/bash", "-c", "du -s "+path).Output()
}

func plain(path string) ([]byte, error) {
	// ok: shell-text-built-go
	return exec.Command("du", "-s", path).Output()
}

func constant() ([]byte, error) {
	// ok: shell-text-built-go
	return exec.Command("sh", "-c", "uptime | cut -d, -f1").Output()
}
