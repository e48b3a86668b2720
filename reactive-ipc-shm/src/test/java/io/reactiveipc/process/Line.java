package io.reactiveipc.process;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What parent and child say to each other: a word and named values, on one line. */
public record Line(String word, Map<String, String> values) {
    /** @param pairs name, value, name, value… */
    public static Line of(String word, Object... pairs) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(String.valueOf(pairs[i]), String.valueOf(pairs[i + 1]));
        }
        return new Line(word, values);
    }

    static Line parse(String text) {
        String[] parts = text.split(" ");
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            values.put(
                    parts[i].substring(0, equals),
                    URLDecoder.decode(parts[i].substring(equals + 1), StandardCharsets.UTF_8));
        }
        return new Line(parts[0], values);
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name + " in " + this);
        }
        return value;
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public long number(String name) {
        return Long.parseLong(text(name));
    }

    public long number(String name, long otherwise) {
        return values.containsKey(name) ? number(name) : otherwise;
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(word);
        values.forEach((name, value) ->
                line.append(' ').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return line.toString();
    }
}
