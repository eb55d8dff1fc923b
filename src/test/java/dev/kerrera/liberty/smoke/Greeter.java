package dev.kerrera.liberty.smoke;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;

@ApplicationScoped
public class Greeter {
    @PersistenceContext(unitName = "smoke")
    EntityManager notes;

    public String greeting() {
        return "hello";
    }

    @Transactional
    public long note(String text) {
        Note note = new Note(text);
        notes.persist(note);
        notes.flush();
        return note.id;
    }
}
