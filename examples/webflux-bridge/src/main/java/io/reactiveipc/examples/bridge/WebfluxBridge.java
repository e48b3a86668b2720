package io.reactiveipc.examples.bridge;

import io.reactiveipc.examples.bridge.feed.Feed;
import io.reactiveipc.examples.bridge.web.BridgeApplication;
import java.util.List;

/** Both processes: {@code feed} as the first word starts the one that publishes, anything else the web application. */
public final class WebfluxBridge {
    /** The first word of the feed's command line. */
    public static final String FEED = "feed";

    private WebfluxBridge() {}

    public static void main(String[] words) {
        if (words.length > 0 && words[0].equals(FEED)) {
            System.exit(Feed.run(List.of(words).subList(1, words.length)));
        }
        BridgeApplication.run(words);
    }
}
