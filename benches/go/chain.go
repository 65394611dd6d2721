// The chain from a root file system tarball to a layer digest, as docker does it: unpack, pack, digest, compress, digest.
// It stands beside our own in `cargo xtask bench rebuild` and `page-rebuild`. It keeps the tree in memory, so no file system is
// measured, and takes tarballs of directories and files only, in which no name stands twice.
//
//	go run chain.go chain FILE.tar.gz    prints diff_id, layer digest and seconds
//	go run chain.go gzip FILE.tar        prints the digest of the compressed file and seconds
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"
)

type entry struct {
	header  *tar.Header
	content []byte
}

func main() {
	data, err := os.ReadFile(os.Args[2])
	check(err)
	start := time.Now()
	switch os.Args[1] {
	case "chain":
		diffID, layer, size := chain(data)
		fmt.Printf("%x %x %d %.3f\n", diffID, layer, size, time.Since(start).Seconds())
	case "gzip":
		hash := sha256.New()
		writer := gzip.NewWriter(hash)
		_, err := writer.Write(data)
		check(err)
		check(writer.Close())
		fmt.Printf("%x %.3f\n", hash.Sum(nil), time.Since(start).Seconds())
	}
}

func chain(packed []byte) ([]byte, []byte, int64) {
	entries := unpack(packed)
	diffID, layer := sha256.New(), sha256.New()
	counter := &counter{}
	writer := gzip.NewWriter(io.MultiWriter(layer, counter))
	pack(entries, io.MultiWriter(diffID, writer))
	check(writer.Close())
	return diffID.Sum(nil), layer.Sum(nil), counter.size
}

func unpack(packed []byte) []entry {
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	check(err)
	reader := tar.NewReader(unzipped)
	var entries []entry
	for {
		header, err := reader.Next()
		if err == io.EOF {
			break
		}
		check(err)
		content, err := io.ReadAll(reader)
		check(err)
		header.Name = strings.TrimPrefix(header.Name, "./")
		if header.Name != "" {
			entries = append(entries, entry{header, content})
		}
	}
	// The walk's order: a directory's children stand behind it, before its next sibling.
	sort.Slice(entries, func(i, j int) bool { return key(entries[i]) < key(entries[j]) })
	return entries
}

func key(of entry) string {
	return strings.ReplaceAll(strings.TrimSuffix(of.header.Name, "/"), "/", "\x00")
}

func pack(entries []entry, to io.Writer) {
	writer := tar.NewWriter(to)
	for _, one := range entries {
		header := &tar.Header{
			Typeflag: one.header.Typeflag, Name: one.header.Name, Linkname: one.header.Linkname, Size: one.header.Size,
			Mode: one.header.Mode & 0o7777, Uid: one.header.Uid, Gid: one.header.Gid,
			ModTime: one.header.ModTime.Truncate(time.Second), Format: tar.FormatPAX,
		}
		check(writer.WriteHeader(header))
		_, err := writer.Write(one.content)
		check(err)
	}
	check(writer.Close())
}

type counter struct{ size int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.size += int64(len(p))
	return len(p), nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
