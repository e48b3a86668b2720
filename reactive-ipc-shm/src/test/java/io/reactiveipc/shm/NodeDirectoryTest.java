package io.reactiveipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactiveipc.IpcNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NodeDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void nodesThatMeetSayThatTheirDirectoryIsTheSameHoweverItWasNamed() throws IOException {
        Path rings = parent.resolve("rings");
        Path alias = Files.createSymbolicLink(parent.resolve("alias"), parent);
        try (IpcNode one = IpcNode.builder().directory(rings).build();
                IpcNode other =
                        IpcNode.builder().directory(alias.resolve("rings")).build()) {
            assertThat(one.directory()).isEqualTo(rings.toRealPath()).isDirectory();
            assertThat(other.directory()).isEqualTo(one.directory());
        }
    }
}
