package dev.kerrera.job;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How tags are spelled: trimmed, in lower case, none empty, none twice, in the order given. */
final class Tags {
    private Tags() {}

    static List<String> normalise(Collection<? extends @Nullable String> tags) {
        if (tags.isEmpty()) {
            return List.of();
        }
        return tags.stream()
                .filter(Objects::nonNull)
                .map(tag -> tag.strip().toLowerCase(Locale.ROOT))
                .filter(tag -> !tag.isEmpty())
                .distinct()
                .toList();
    }
}
