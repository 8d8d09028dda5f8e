package sample

import (
	"archive/tar"
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
)

func unzip(archive *zip.ReadCloser, folder string) {
	for _, member := range archive.File {
		// ruleid: archive-path-unchecked-go
		out, _ := os.Create(filepath.Join(folder, member.Name))
		fill(out, member)
	}
}

func untar(reader *tar.Reader, folder string) {
	for {
		header, err := reader.Next()
		if err != nil {
			return
		}
		target := filepath.Join(folder, header.Name)
		// ruleid: archive-path-unchecked-go
		os.MkdirAll(filepath.Dir(target), 0o755)
	}
}

func local(archive *zip.ReadCloser, folder string) {
	for _, member := range archive.File {
		if !filepath.IsLocal(member.Name) {
			continue
		}
		// ok: archive-path-unchecked-go
		os.Create(filepath.Join(folder, member.Name))
	}
}

func inside(archive *zip.ReadCloser, folder string) {
	for _, member := range archive.File {
		target := filepath.Join(folder, member.Name)
		if !strings.HasPrefix(target, folder+string(os.PathSeparator)) {
			continue
		}
		// ok: archive-path-unchecked-go
		os.Create(target)
	}
}
