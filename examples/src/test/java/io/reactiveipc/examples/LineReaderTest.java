package io.reactiveipc.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LineReaderTest {
    private long cuts;

    private List<String> lines(String text, int maxLength) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(new ByteArrayInputStream(text.getBytes(ISO_8859_1)), maxLength)) {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                lines.add(new String(line, ISO_8859_1));
            }
            cuts = reader.cuts();
        }
        return lines;
    }

    @Test
    void emptyLinesCountAndAMissingLastLineEndDoesNot() throws IOException {
        assertThat(lines("a\n\nb\n", 100)).containsExactly("a", "", "b");
        assertThat(lines("a\n\nb", 100)).containsExactly("a", "", "b");
        assertThat(lines("\n", 100)).containsExactly("");
        assertThat(lines("", 100)).isEmpty();
    }

    @Test
    void bytesStayWhatTheyAre() throws IOException {
        assertThat(lines("\r\n\0\u00ff\u0080\n", 100)).containsExactly("\r", "\0\u00ff\u0080");
    }

    @Test
    void linesMayReachOverTheEndOfAChunk() throws IOException {
        String longLine = "x".repeat(100_000);
        assertThat(lines(longLine + "\n" + longLine, 1 << 20)).containsExactly(longLine, longLine);
        assertThat(cuts).isZero();
    }

    @Test
    void aLineLongerThanTheMaximumComesInPiecesAndOneOfExactlyThatLengthDoesNot() throws IOException {
        assertThat(lines("abcde\nabc\nabcdef\nabc", 3)).containsExactly("abc", "de", "abc", "abc", "def", "abc");
        assertThat(cuts).isEqualTo(2);
    }

    @Test
    void aPieceMayEndWhereAChunkEnds() throws IOException {
        String chunk = "x".repeat(64 * 1024);
        assertThat(lines(chunk + "\ny", 64 * 1024)).containsExactly(chunk, "y");
        assertThat(cuts).isZero();
    }
}
