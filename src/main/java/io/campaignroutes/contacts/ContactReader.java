package io.campaignroutes.contacts;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the contacts of a file one after the other, and judges what each says by itself. */
final class ContactReader implements AutoCloseable {
  /** What is kept of a telephone number that is none. */
  private static final int MAX_PHONE = 60;

  private final CsvReader rows;
  private final ContactColumns columns;
  private final String country;

  /**
   * @param mapping header by what stands under it; all others by their own names
   * @param country two letters: of numbers that are written without their country
   * @throws CsvFault when the file is no CSV in UTF-8, or has no telephone numbers
   */
  ContactReader(InputStream in, Map<String, String> mapping, String country) throws IOException {
    this.rows = new CsvReader(in);
    this.columns = ContactColumns.of(rows.next(), mapping);
    this.country = country;
  }

  /** Bytes of the file that were read. */
  long bytes() {
    return rows.bytes();
  }

  /** The names of all columns. */
  Set<String> columns() {
    return columns.names();
  }

  /** Passes over what was judged before. */
  void skip(long contacts) {
    for (long i = 0; i < contacts; i++) {
      rows.next();
    }
  }

  /**
   * The next contacts.
   *
   * @return not more than so many; none at the end
   * @throws CsvFault when what follows is no CSV
   */
  List<Contact> next(int most) {
    List<Contact> contacts = new ArrayList<>(most);
    CsvReader.Row row;
    while (contacts.size() < most && (row = rows.next()) != null) {
      contacts.add(contact(row));
    }
    return contacts;
  }

  private Contact contact(CsvReader.Row row) {
    Map<String, String> fields = columns.fields(row);
    String given = fields.remove("phone");
    String externalId = fields.remove("externalId");
    String timeZone = fields.remove("timeZone");
    if (row.cells().size() > columns.count()) {
      return contact(row, shown(given), externalId, timeZone, fields, ContactOutcome.INVALID_LINE);
    }
    String own = fields.getOrDefault("country", "");
    String plan = own.isBlank() ? country : PhoneNumbers.country(own);
    String phone = given == null ? null : PhoneNumbers.e164(given, plan).orElse(null);
    return phone == null
        ? contact(row, shown(given), externalId, timeZone, fields, ContactOutcome.INVALID_NUMBER)
        : contact(row, phone, externalId, timeZone, fields, ContactOutcome.CALLABLE);
  }

  private static Contact contact(
      CsvReader.Row row,
      String phone,
      String externalId,
      String timeZone,
      Map<String, String> fields,
      ContactOutcome outcome) {
    return new Contact(row.number(), row.line(), phone, externalId, timeZone, fields, outcome);
  }

  private static String shown(String given) {
    return given == null || given.length() <= MAX_PHONE ? given : given.substring(0, MAX_PHONE);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
