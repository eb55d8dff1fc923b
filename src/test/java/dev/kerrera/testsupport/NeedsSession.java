package dev.kerrera.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** A test that sets or watches its sessions, which a pooler of transactions does not keep together; it is left out behind one. */
@Tag("session")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface NeedsSession {

    /** For what. */
    String value();
}
