package io.reactiveipc.benchmarks.role;

import io.reactiveipc.benchmarks.peer.Setup;
import io.reactiveipc.benchmarks.peer.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one measured process is to be; given to it as words of its command line.
 *
 * @param peer the contender's name
 * @param task what it does
 * @param directory for the contender's files
 * @param firstLink and {@code links}: which links it has, where they are not shared
 * @param source which sender it is, from 0
 * @param senders how many processes send to each receiver
 * @param receivers how many receivers there are in all
 * @param receiversHere how many of them are here, on each link
 */
public record Assignment(
        String peer,
        Task task,
        Path directory,
        int firstLink,
        int links,
        int source,
        int senders,
        int receivers,
        int receiversHere,
        int length,
        Waiting waiting,
        int silentStreams) {

    /** The roles. */
    public enum Task {
        CALL,
        PACE,
        ANSWER,
        SEND,
        RECEIVE
    }

    public List<String> words() {
        return List.of(
                peer,
                task.name(),
                directory.toString(),
                Integer.toString(firstLink),
                Integer.toString(links),
                Integer.toString(source),
                Integer.toString(senders),
                Integer.toString(receivers),
                Integer.toString(receiversHere),
                Integer.toString(length),
                waiting.name(),
                Integer.toString(silentStreams));
    }

    static Assignment of(String[] words) {
        return new Assignment(
                words[0],
                Task.valueOf(words[1]),
                Path.of(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]),
                Integer.parseInt(words[7]),
                Integer.parseInt(words[8]),
                Integer.parseInt(words[9]),
                Waiting.valueOf(words[10]),
                Integer.parseInt(words[11]));
    }

    List<Setup> setups() {
        boolean sender = task == Task.CALL || task == Task.PACE || task == Task.SEND;
        boolean duplex = task != Task.SEND && task != Task.RECEIVE;
        List<Setup> setups = new ArrayList<>();
        for (int link = firstLink; link < firstLink + links; link++) {
            setups.add(new Setup(directory, sender, duplex, link, senders, receivers, length, waiting, silentStreams));
        }
        return setups;
    }

    Role role(Parent parent) {
        return switch (task) {
            case CALL -> new Calling(parent, length);
            case PACE -> new Pacing(parent, length);
            case ANSWER -> new Answering(length);
            case SEND -> new Sending(parent, length, source);
            case RECEIVE -> new Receiving(parent, length, senders, receiversHere);
        };
    }
}
