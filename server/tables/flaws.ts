import type { Facts } from '../../solver/problem/problem.ts'
import { fill, type Sentence } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import type { ImportReport } from '../contract/records.ts'

/** A flaw and where it is. Row 1 is the header line; column and value null: the whole row, or the whole file. */
export interface Fault {
  row: number
  column: string | null
  value: string | null
  flaw: Flaw
}

/** Everything that can be wrong with a file: what, and what to do about it. */
export const flaws = {
  emptyFile: say(
    'Het bestand is leeg.',
    'Kies het bestand met de gegevens, met op rij 1 de kolomnamen.',
    'The file is empty.',
    'Choose the file with the data, with the column names on line 1.',
  ),
  noRows: say(
    'Onder de kolomnamen staan geen regels.',
    'Voeg regels toe onder de kolomnamen.',
    'There are no rows under the column names.',
    'Add rows under the column names.',
  ),
  encoding: say(
    'Het bestand is niet opgeslagen als UTF-8, of er zitten kapotte tekens in.',
    'Sla het in Excel op als "CSV UTF-8 (door scheidingstekens gescheiden)".',
    'The file was not saved as UTF-8, or contains broken characters.',
    'In Excel, save it as "CSV UTF-8 (Comma delimited)".',
  ),
  calendar: say(
    'Dit is een agenda, geen lijst met medewerkers of zaken.',
    'Een agenda lees je in bij Mijn beschikbaarheid. Kies hier een CSV-bestand.',
    'This is a calendar, not a list of workers or cases.',
    'A calendar is read in at My work, under availability. Choose a CSV file here.',
  ),
  otherFile: say(
    'Dit is een document of een adreskaart, geen CSV.',
    'Sla de lijst op als CSV UTF-8 en kies dat bestand.',
    'This is a document or an address card, not CSV.',
    'Save the list as CSV UTF-8 and choose that file.',
  ),
  zeroByte: say(
    'In het bestand staan nultekens; dit is geen CSV-tekst.',
    'Sla het opnieuw op als CSV UTF-8.',
    'The file contains null characters; this is not CSV text.',
    'Save it again as CSV UTF-8.',
  ),
  spreadsheet: say(
    'Dit is een Excel-bestand, geen CSV.',
    'Kies in Excel Bestand, Opslaan als, "CSV UTF-8".',
    'This is an Excel file, not CSV.',
    'In Excel choose File, Save as, "CSV UTF-8".',
  ),
  notCsv: say(
    'Dit is een webpagina of een ander soort bestand, geen CSV.',
    'Exporteer de gegevens als CSV.',
    'This is a web page or another kind of file, not CSV.',
    'Export the data as CSV.',
  ),
  tooLarge: say(
    'Het bestand is groter dan 5 MB.',
    'Splits het in kleinere bestanden.',
    'The file is larger than 5 MB.',
    'Split it into smaller files.',
  ),
  workersFile: say(
    'Dit lijkt een bestand met medewerkers.',
    'Kies de import van medewerkers, of kies het bestand met zaken.',
    'This looks like a file with workers.',
    'Choose the import of workers, or choose the file with cases.',
  ),
  casesFile: say(
    'Dit lijkt een bestand met zaken.',
    'Kies de import van zaken, of kies het bestand met medewerkers.',
    'This looks like a file with cases.',
    'Choose the import of cases, or choose the file with workers.',
  ),
  unclosedQuote: say(
    'Een aanhalingsteken wordt geopend maar niet gesloten.',
    'Zet een " aan het eind van de cel, of haal het eerste " weg.',
    'A quotation mark is opened but not closed.',
    'Put a " at the end of the cell, or remove the first ".',
  ),
  strayQuote: say(
    'Er staat een los aanhalingsteken in een cel.',
    'Zet de hele cel tussen " en verdubbel elk " daarbinnen, of haal het weg.',
    'There is a stray quotation mark in a cell.',
    'Put the whole cell between " and double each " inside it, or remove it.',
  ),
  tooManyRows: say(
    'Het bestand heeft meer dan {most} regels.',
    'Splits het in kleinere bestanden.',
    'The file has more than {most} rows.',
    'Split it into smaller files.',
  ),
  tooManyColumns: say(
    'Het bestand heeft meer dan {most} kolommen.',
    'Laat alleen de kolommen van het sjabloon staan.',
    'The file has more than {most} columns.',
    'Keep only the columns of the template.',
  ),
  unknownColumn: say(
    'Deze kolom kent Instroom niet.',
    'Kies welke kolom van Instroom het is, of sla de kolom over. In het bestand kan het ook: verwijder de kolom of geef die een van deze namen: {columns}.',
    'Instroom does not know this column.',
    'Choose which Instroom column it is, or skip it. Or in the file: remove the column or give it one of these names: {columns}.',
  ),
  namelessColumn: say(
    'Een kolom heeft geen naam.',
    'Verwijder de kolom of geef die een naam.',
    'A column has no name.',
    'Remove the column or give it a name.',
  ),
  doubleColumn: say(
    'Deze kolom staat er twee keer.',
    'Laat er een staan.',
    'This column is listed twice.',
    'Keep one of them.',
  ),
  missingColumn: say(
    'Deze kolom ontbreekt.',
    'Voeg de kolom toe; zonder die kolom kan een nieuwe regel niet worden ingelezen.',
    'This column is missing.',
    'Add the column; without it a new row cannot be read.',
  ),
  tooManyCells: say(
    'Deze regel heeft {cells} cellen, de kop heeft er {columns}.',
    'Zet een cel met een scheidingsteken erin tussen aanhalingstekens.',
    'This row has {cells} cells, the header has {columns}.',
    'Put a cell that holds a separator between quotation marks.',
  ),
  tooFewCells: say(
    'Deze regel heeft {cells} cellen, de kop heeft er {columns}.',
    'Vul de regel aan; een lege cel mag, maar het scheidingsteken moet er staan.',
    'This row has {cells} cells, the header has {columns}.',
    'Complete the row; a cell may be empty, but its separator must be there.',
  ),
  tooLong: say(
    'De cel heeft meer dan {most} tekens.',
    'Kort de tekst in.',
    'The cell has more than {most} characters.',
    'Shorten the text.',
  ),
  lineEnd: say(
    'In deze cel staat een regeleinde.',
    'Haal het regeleinde uit de cel (in Excel gemaakt met Alt+Enter) en zet alles op één regel.',
    'This cell contains a line break.',
    'Remove the line break from the cell (made in Excel with Alt+Enter) and put everything on one line.',
  ),
  tooNarrow: say(
    'Hier staan alleen hekjes: de kolom was te smal toen het bestand werd gemaakt.',
    'Maak de kolom in het rekenblad breder en exporteer opnieuw.',
    'There are only number signs here: the column was too narrow when the file was made.',
    'Make the column wider in the spreadsheet and export again.',
  ),
  spreadsheetError: say(
    'Hier staat een foutwaarde van het rekenblad.',
    'Herstel de formule in het rekenblad en exporteer opnieuw.',
    'This is an error value of the spreadsheet.',
    'Repair the formula in the spreadsheet and export again.',
  ),
  empty: say(
    'Deze cel mag niet leeg zijn.',
    'Vul de cel in.',
    'This cell must not be empty.',
    'Fill in the cell.',
  ),
  scientific: say(
    'Het rekenblad heeft dit nummer afgerond ({part}).',
    'Maak de kolom in het rekenblad tekst en vul het nummer opnieuw in.',
    'The spreadsheet has rounded this number ({part}).',
    'Make the column text in the spreadsheet and enter the number again.',
  ),
  numberBecameDay: say(
    'Het rekenblad heeft van dit nummer een datum gemaakt ({part}).',
    'Maak de kolom in het rekenblad tekst en vul het nummer opnieuw in, zoals het was.',
    'The spreadsheet has turned this number into a date ({part}).',
    'Make the column text in the spreadsheet and enter the number again, as it was.',
  ),
  numberBecameDecimal: say(
    'Het rekenblad heeft van dit nummer een getal met decimalen gemaakt ({part}).',
    'Maak de kolom in het rekenblad tekst en vul het nummer opnieuw in, ook met nullen vooraan.',
    'The spreadsheet has turned this into a number with decimals ({part}).',
    'Make the column text in the spreadsheet and enter the number again, including leading zeros.',
  ),
  numberLostDigits: say(
    'Dit nummer eindigt op nullen die het rekenblad heeft gezet: na 15 cijfers rondt het af.',
    'Maak de kolom in het rekenblad tekst en vul het nummer opnieuw in.',
    'This number ends in zeros that the spreadsheet put there: it rounds after 15 digits.',
    'Make the column text in the spreadsheet and enter the number again.',
  ),
  amountBecameDay: say(
    'Het rekenblad heeft van dit getal een datum of een tijd gemaakt ({part}).',
    'Vul het getal opnieuw in met een komma, bijvoorbeeld 7,5, in een kolom met getallen.',
    'The spreadsheet has turned this number into a date or a time ({part}).',
    'Enter the number again with a decimal point, for instance 7.5, in a column of numbers.',
  ),
  monthInWords: say(
    'In deze datum staat de maand in letters.',
    'Schrijf 24-11-2026 of 2026-11-24, met het jaar.',
    'The month of this date is in letters.',
    'Write 24-11-2026 or 2026-11-24, with the year.',
  ),
  dayWithTime: say(
    'Bij deze datum staat een tijd.',
    'Haal de tijd weg: 24-11-2026.',
    'There is a time with this date.',
    'Remove the time: 24-11-2026.',
  ),
  badNumberOfPeople: say(
    'Dit is geen geldig nummer.',
    'Gebruik letters, cijfers, punt, streepje en laag streepje, zonder spaties.',
    'This is not a valid number.',
    'Use letters, digits, full stop, hyphen and underscore, without spaces.',
  ),
  duplicate: say(
    'Dit nummer staat ook op rij {other}.',
    'Laat een van de twee regels staan.',
    'This number is also on row {other}.',
    'Keep one of the two rows.',
  ),
  ambiguous: say(
    'Er zijn al twee nummers die alleen in de schrijfwijze verschillen: {numbers}.',
    'Schrijf het precies zoals het nummer dat je bedoelt.',
    'There are already two numbers that differ only in spelling: {numbers}.',
    'Write it exactly as the number you mean.',
  ),
  notANumber: say(
    'Dit is geen getal.',
    'Schrijf alleen cijfers, met een komma voor decimalen: 32,5.',
    'This is not a number.',
    'Write digits only, with a comma or point for decimals: 32.5.',
  ),
  thousands: say(
    'Dit getal heeft een punt voor duizendtallen.',
    'Haal de punt weg.',
    'This number has a point for thousands.',
    'Remove the point.',
  ),
  tooPrecise: say(
    'Dit getal heeft meer dan twee decimalen.',
    'Rond af op twee decimalen.',
    'This number has more than two decimals.',
    'Round to two decimals.',
  ),
  notWhole: say(
    'Dit moet een heel getal zijn.',
    'Haal de decimalen weg.',
    'This must be a whole number.',
    'Remove the decimals.',
  ),
  outOfRange: say(
    'Dit getal moet tussen {least} en {most} liggen.',
    'Controleer de waarde.',
    'This number must be between {least} and {most}.',
    'Check the value.',
  ),
  notADay: say(
    'Dit is geen datum.',
    'Schrijf 24-11-2026 of 2026-11-24.',
    'This is not a date.',
    'Write 24-11-2026 or 2026-11-24.',
  ),
  noSuchDay: say(
    'Deze dag bestaat niet.',
    'Controleer dag en maand.',
    'This day does not exist.',
    'Check day and month.',
  ),
  shortYear: say(
    'Het jaar heeft twee cijfers.',
    'Schrijf het jaar met vier cijfers: 24-11-2026.',
    'The year has two digits.',
    'Write the year with four digits: 24-11-2026.',
  ),
  slashDate: say(
    'Een datum met schuine strepen kan twee dagen betekenen.',
    'Schrijf 24-11-2026 of 2026-11-24.',
    'A date with slashes can mean two days.',
    'Write 24-11-2026 or 2026-11-24.',
  ),
  serialDate: say(
    'Hier staat het volgnummer van een dag, geen datum.',
    'Maak de kolom in het rekenblad een datum (jjjj-mm-dd) en exporteer opnieuw.',
    'This is the serial number of a day, not a date.',
    'Format the column as a date (yyyy-mm-dd) in the spreadsheet and export again.',
  ),
  implausibleYear: say(
    'Dit jaar ligt niet tussen 1970 en 2100.',
    'Controleer het jaar.',
    'This year is not between 1970 and 2100.',
    'Check the year.',
  ),
  endBeforeStart: say(
    'Het einde ligt voor het begin ({from}).',
    'Controleer beide datums.',
    'The end is before the start ({from}).',
    'Check both dates.',
  ),
  inFuture: say(
    'Deze dag ligt in de toekomst.',
    'Controleer de datum.',
    'This day is in the future.',
    'Check the date.',
  ),
  notAChoice: say(
    'Dit is geen van de keuzes.',
    'Kies uit: {choices}.',
    'This is none of the choices.',
    'Choose from: {choices}.',
  ),
  badCode: say(
    'Dit is geen code.',
    'Gebruik een code uit de catalogus, zonder spaties.',
    'This is not a code.',
    'Use a code from the catalogue, without spaces.',
  ),
  unknownCode: say(
    'Deze code staat niet in de catalogus.',
    'Kies uit: {codes}.',
    'This code is not in the catalogue.',
    'Choose from: {codes}.',
  ),
  emptyPart: say(
    'Er staan twee tekens | achter elkaar, of een | aan het begin of eind.',
    'Zet tussen elke | precies een waarde.',
    'There are two | in a row, or a | at the start or end.',
    'Put exactly one value between each |.',
  ),
  wrongShape: say(
    'Dit deel heeft niet de vorm {shape}.',
    'Schrijf elk deel als {shape}, met | ertussen.',
    'This part does not have the form {shape}.',
    'Write each part as {shape}, with | in between.',
  ),
  tooManyParts: say(
    'De lijst heeft meer dan {most} delen.',
    'Laat er hoogstens {most} staan.',
    'The list has more than {most} parts.',
    'Keep at most {most}.',
  ),
  doublePart: say(
    'Dit staat twee keer in de lijst.',
    'Laat er een staan.',
    'This is in the list twice.',
    'Keep one of them.',
  ),
  levelTooHigh: say(
    'Het hoogste niveau van deze competentie is {most}.',
    'Kies een niveau van 1 tot en met {most}.',
    'The highest level of this competence is {most}.',
    'Choose a level from 1 to {most}.',
  ),
  seatWithoutDuo: say(
    'Voor één plek van een duo wordt {competences} gevraagd, maar deze zaak is geen duo.',
    'Haal :eerste of :tweede weg in de kolom competenties, of zet ja in de kolom duo.',
    'One seat of a duo asks for {competences}, but this case is not a duo.',
    'Remove :eerste or :tweede in the column competenties, or put ja in the column duo.',
  ),
  percentageTooHigh: say(
    'Voor deze vermindering is hoogstens {most} % toegestaan.',
    'Verlaag het percentage of kies een andere code.',
    'At most {most}% is allowed for this reduction.',
    'Lower the percentage or choose another code.',
  ),
  unknownTeam: say(
    'Dit team bestaat niet.',
    'Kies uit: {teams}. Een beheerder kan een team toevoegen.',
    'This team does not exist.',
    'Choose from: {teams}. An administrator can add a team.',
  ),
  notYours: say(
    'Dit nummer of dit team hoort niet bij jouw teams.',
    'Kies uit: {teams}. Klopt het team, vraag dan je beheerder wat er met het nummer is.',
    'This number or this team does not belong to your teams.',
    'Choose from: {teams}. If the team is right, ask your administrator about the number.',
  ),
  unseenCase: say(
    'Deze zaak kan niet zo worden gewijzigd.',
    'Vraag het instroomteam van dat team om deze zaak te wijzigen, en haal de regel weg.',
    'This case cannot be changed like this.',
    'Ask the intake team of that team to change this case, and remove the row.',
  ),
  unknownMunicipality: say(
    'Deze gemeente staat niet in de lijst.',
    'Kies uit: {municipalities}.',
    'This municipality is not in the list.',
    'Choose from: {municipalities}.',
  ),
  unknownWorker: say(
    'Er is geen medewerker met dit personeelsnummer.',
    'Importeer eerst de medewerkers, of verbeter het nummer.',
    'There is no worker with this staff number.',
    'Import the workers first, or correct the number.',
  ),
  dutiesExceedContract: say(
    'De taakuren zijn meer dan de contracturen ({contract}).',
    'Verlaag de taakuren.',
    'The duty hours exceed the contract hours ({contract}).',
    'Lower the duty hours.',
  ),
  notOwnForm: say(
    'Dit nummer heeft niet de vorm van je organisatie: {form}.',
    'Verbeter het nummer. # is een cijfer, @ een letter, * een van beide.',
    'This number does not have the form of your organisation: {form}.',
    'Correct the number. # is a digit, @ a letter, * either.',
  ),
  looksLikeBirthDate: say(
    'Hier staat iets dat op een geboortedatum lijkt.',
    'Gebruik een nummer van je organisatie.',
    'This looks like a birth date.',
    'Use a number of your organisation.',
  ),
  looksLikeCitizenNumber: say(
    'Hier staat iets dat op een burgerservicenummer lijkt.',
    'Gebruik geen persoonsnummers; alleen personeels- en zaaknummers.',
    'This looks like a citizen service number.',
    'Use no personal numbers; staff and case numbers only.',
  ),
  closedCase: say(
    'Deze zaak is afgesloten en verandert niet meer.',
    'Haal de regel weg.',
    'This case is closed and can no longer be changed.',
    'Remove the row.',
  ),
  inOpenRound: say(
    'Deze zaak zit in een open verdeelronde.',
    'Stel de ronde vast of annuleer die; wijzig daarna team of medewerker.',
    'This case is in an open round.',
    'Confirm or cancel the round; then change the team or worker.',
  ),
  otherWorkerNow: say(
    'Deze plek heeft nu {worker} (vanaf {from}).',
    'Een wissel doe je in Instroom zelf. Maak de cel leeg of zet {worker} erin.',
    'This seat now belongs to {worker} (from {from}).',
    'Change workers in Instroom itself. Empty the cell or put {worker} in it.',
  ),
  otherStartNow: say(
    'Deze plek begon op {from}.',
    'De begindatum verandert niet door een import. Zet {from} in de cel of maak de cel leeg.',
    'This seat started on {from}.',
    'An import does not change the start. Put {from} in the cell or empty it.',
  ),
  startMissing: say(
    'Bij een medewerker hoort een begindatum.',
    'Vul in vanaf wanneer deze medewerker de zaak heeft.',
    'A worker needs a start date.',
    'Fill in from when this worker has the case.',
  ),
  startWithoutWorker: say(
    'Er staat een begindatum zonder medewerker.',
    'Vul de medewerker in of maak deze cel leeg.',
    'There is a start date without a worker.',
    'Fill in the worker or empty this cell.',
  ),
  seatTaken: say(
    'Op die dag had iemand anders deze plek nog (tot {until}).',
    'Kies een begindatum op of na {until}.',
    'Somebody else still had this seat on that day (until {until}).',
    'Choose a start date on or after {until}.',
  ),
  sameWorkerTwice: say(
    'Een duo bestaat uit twee verschillende mensen.',
    'Zet in een van de twee cellen een ander personeelsnummer.',
    'A duo consists of two different people.',
    'Put another staff number in one of the two cells.',
  ),
  secondWithoutFirst: say(
    'Er is een tweede medewerker zonder eerste.',
    'Vul eerst de eerste medewerker in.',
    'There is a second worker without a first.',
    'Fill in the first worker.',
  ),
  secondWithoutDuo: say(
    'Er is een tweede medewerker, maar de zaak is geen duo.',
    'Zet duo op ja, of maak deze cel leeg.',
    'There is a second worker, but the case is not a duo.',
    'Set duo to ja, or empty this cell.',
  ),
  notEmployed: say(
    'Deze medewerker is op die dag niet in dienst.',
    'Controleer de begindatum of de gegevens van de medewerker.',
    'This worker is not employed on that day.',
    'Check the start date or the data of the worker.',
  ),
  moreFaults: say(
    'Er zijn nog {count} fouten; die zijn hier weggelaten.',
    'Herstel eerst de fouten hierboven en lees het bestand opnieuw in.',
    'There are {count} more errors; they are left out here.',
    'Correct the errors above first and read the file again.',
  ),
}

function say(nl: string, nlAdvice: string, en: string, enAdvice: string) {
  return { message: { nl, en } satisfies Sentence, advice: { nl: nlAdvice, en: enAdvice } satisfies Sentence }
}

export function ofFile(code: FlawCode, facts: Flaw['facts'] = {}): Fault {
  return { row: 1, column: null, value: null, flaw: { code, facts } }
}

/** A fault as the report shows it, in the reader's language. */
export function describeFault(fault: Fault, locale: Locale): ImportReport['errors'][number] {
  const sentence = flaws[fault.flaw.code]
  const value = fault.flaw.part ?? fault.value
  const facts = { ...fault.flaw.facts, part: value ?? '' }
  return {
    row: fault.row,
    column: fault.column,
    value: value === null ? null : value.slice(0, 100),
    message: fill(sentence.message, facts)[locale],
    advice: fill(sentence.advice, facts)[locale],
  }
}

const MAX_FAULTS = 300

/** In order of the file; after 300 the rest is counted. */
export function describeFaults(faults: readonly Fault[], locale: Locale): ImportReport['errors'] {
  // A large file of another kind has a fault in every cell: all of them are too many to sort for the few that are told.
  const byRow = new Map<number, Fault[]>()
  for (const fault of faults) {
    const others = byRow.get(fault.row)
    if (others) others.push(fault)
    else byRow.set(fault.row, [fault])
  }
  const first: Fault[] = []
  for (const row of [...byRow.keys()].sort((a, b) => a - b)) {
    first.push(...byRow.get(row)!)
    if (first.length > MAX_FAULTS) break
  }
  const shown = first.slice(0, MAX_FAULTS)
  if (faults.length > MAX_FAULTS) {
    const count = faults.length - MAX_FAULTS
    shown.push({
      row: first[MAX_FAULTS]!.row,
      column: null,
      value: null,
      flaw: { code: 'moreFaults', facts: { count } },
    })
  }
  return shown.map(fault => describeFault(fault, locale))
}

export type FlawCode = keyof typeof flaws

/** What is wrong with a cell: a sentence of flaws.ts with its values; `part` is the part of the cell that is wrong. */
export interface Flaw {
  code: FlawCode
  facts: Facts
  part?: string
}
