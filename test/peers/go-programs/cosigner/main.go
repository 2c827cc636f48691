// A second implementation of ML-DSA-44 cosignatures, for the peers suite: that of transparency-dev/formats.
//
//	cosigner verify VKEY   reads a note and prints when the key signed it, in seconds
//	cosigner sign NAME     reads a note and prints a new key, an empty line, and the note with its cosignature
package main

import (
	"fmt"
	"io"
	"os"

	tnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func verify(text []byte, vkey string) {
	verifier, err := tnote.NewVerifierForCosignatureV1(vkey)
	fail(err)
	opened, err := note.Open(text, note.VerifierList(verifier))
	fail(err)
	at, err := tnote.CoSigV1Timestamp(opened.Sigs[0])
	fail(err)
	fmt.Println(at.Unix())
}

func sign(text []byte, name string) {
	skey, vkey, err := tnote.GenerateMLDSAKey(name)
	fail(err)
	signer, err := tnote.NewMLDSASigner(skey)
	fail(err)
	// Opened without keys, a note comes back with all of its signatures unverified.
	_, err = note.Open(text, note.VerifierList())
	unverified, ok := err.(*note.UnverifiedNoteError)
	if !ok {
		fail(fmt.Errorf("no note: %v", err))
	}
	signed, err := note.Sign(unverified.Note, signer)
	fail(err)
	fmt.Printf("%s\n\n%s", vkey, signed)
}

func main() {
	text, err := io.ReadAll(io.LimitReader(os.Stdin, 1_000_000))
	fail(err)
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: cosigner verify VKEY | cosigner sign NAME"))
	}
	if os.Args[1] == "verify" {
		verify(text, os.Args[2])
	} else {
		sign(text, os.Args[2])
	}
}
