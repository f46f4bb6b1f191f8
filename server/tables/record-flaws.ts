import { say } from './flaw-text.ts'

/** What does not fit what the organisation knows: its teams, people, cases and seats. */
export const recordFlaws = {
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
}
