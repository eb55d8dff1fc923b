package dev.kerrera.job;

import dev.kerrera.job.InvalidJobException.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value given as JSON, written out at once so that later changes to the value do not matter; what is wrong with it is
 * kept, to be reported with everything else.
 *
 * @param text the JSON object's text, or what stood in its place
 * @param remedy what must hold instead; null when nothing is wrong
 */
record JsonText(String text, @Nullable String remedy) {
    static final JsonText EMPTY = new JsonText("{}", null);

    static JsonText of(@Nullable Object value) {
        if (value == null) {
            return EMPTY;
        }
        try {
            String text = JobJson.write(value);
            return new JsonText(text, remedy(text));
        } catch (JobJsonException unwritable) {
            return new JsonText(
                    value.getClass().getName(), "must be something JSON-B can write (" + unwritable.getMessage() + ")");
        }
    }

    void check(String field, List<Problem> problems) {
        if (remedy != null) {
            problems.add(new Problem(field, text, remedy));
        }
    }

    private static @Nullable String remedy(String text) {
        if (!text.startsWith("{")) {
            return "must be a JSON object";
        }
        return Unstorable.inJson(text) ? Unstorable.REMEDY : null;
    }
}
