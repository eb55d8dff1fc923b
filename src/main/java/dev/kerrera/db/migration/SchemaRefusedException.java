package dev.kerrera.db.migration;

import dev.kerrera.db.migration.SchemaStatus.Refused;

/** The schema is not one Kerrera may work with. The message lists every problem and the remedy; nothing was changed. */
public final class SchemaRefusedException extends SchemaException {

    private static final long serialVersionUID = 1;

    private final Refused refusal;

    SchemaRefusedException(Refused refusal) {
        super(refusal.describe(), null);
        this.refusal = refusal;
    }

    /** The problems and the remedy, one by one. */
    public Refused refusal() {
        return refusal;
    }
}
