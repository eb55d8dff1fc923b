package dev.kerrera.engine;

import dev.kerrera.db.Jdbc;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A piece of a statement that depends on what was asked, and what fills its parameters.
 *
 * @param sql made of names known in this room alone; values are never part of it
 * @param values binds the parameters in their order
 */
record Fragment(String sql, Jdbc.Binder values) {

    static Fragment join(List<Fragment> pieces, String separator) {
        return new Fragment(pieces.stream().map(Fragment::sql).collect(Collectors.joining(separator)), p -> {
            for (Fragment piece : pieces) {
                piece.values().bind(p);
            }
        });
    }
}
