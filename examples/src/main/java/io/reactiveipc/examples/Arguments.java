package io.reactiveipc.examples;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Arguments of one example: {@code --option value} or {@code --option=value} in any order, and files between them. */
final class Arguments {
    private final Map<String, String> options = new HashMap<>();
    private final List<String> files = new ArrayList<>();

    private Arguments() {}

    /**
     * @param known the options of this example, with their dashes; each takes a value
     * @param maxFiles how many arguments may be no options
     * @throws UsageException for anything else
     */
    static Arguments parse(List<String> words, Set<String> known, int maxFiles) {
        Arguments arguments = new Arguments();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                arguments.files.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String option = equals < 0 ? word : word.substring(0, equals);
            if (!known.contains(option)) {
                throw new UsageException(
                        "there is no option " + option + "; there are " + String.join(", ", new TreeSet<>(known)));
            }
            if (equals < 0 && i + 1 == words.size()) {
                throw new UsageException(option + " needs a value");
            }
            arguments.options.put(option, equals < 0 ? words.get(++i) : word.substring(equals + 1));
        }
        if (arguments.files.size() > maxFiles) {
            throw new UsageException("one argument too many: \"" + arguments.files.get(maxFiles) + "\"");
        }
        return arguments;
    }

    Optional<String> file() {
        return files.stream().findFirst();
    }

    Optional<String> text(String option) {
        return Optional.ofNullable(options.get(option));
    }

    Optional<Path> path(String option) {
        return text(option).map(value -> toPath(option, value));
    }

    static Path toPath(String option, String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new UsageException(option + " is no path: \"" + value + "\"");
        }
    }

    /** The option's value, or {@code otherwise} where it is not given. */
    int number(String option, int min, int max, int otherwise) {
        String value = options.get(option);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, as for a number out of range
        }
        throw new UsageException(option + " must be a number from " + min + " to " + max + ": \"" + value + "\"");
    }
}
