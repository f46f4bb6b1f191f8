/** What people ordinarily write where a motive is asked: none of these may be refused. */
export const ORDINARY_MOTIVES: readonly string[] = `
Werkt al met de gezinsbeheerder van dit gezin.
Het gezin kent haar van een eerdere periode en heeft daar goede ervaringen mee.
Reistijd is te lang; twee keer per week op en neer is niet te doen.
Hij rondt volgende week twee zaken af en heeft dan 6,5 uur ruimte.
Zij gaat per 1-3-2027 minder uren werken, van 32 naar 24.
Op 12-11-2026 afgesproken in het teamoverleg.
Besproken op 24 november 2026 om 10.30 uur met de teamleider.
Afspraak van 09.30 tot 10.45 uur op 12-11-2026, daarna beslissen.
Wacht op de zitting van 3/12/2026.
De zitting is verplaatst naar 2026-12-18.
Beschikking verwacht rond 15.01.2027.
Werkt in 2025 en 2026 al met deze school samen.
Sinds 2019 in 3 gezinnen als duo gewerkt.
Tussen 2024 en 2026 12 spoedzaken gedaan, nu even niet.
Dit wordt haar 3e crisiszaak in 4 weken.
Twee zware zaken tegelijk is te veel, zie zaak Z-2026-00123.
Hoort bij zaak 2026-01234 van hetzelfde gezin.
Liever samen met de zaken Z-1042 en Z-1043.
Zaak 20260123 en 20260124 blijven bij elkaar.
Ruil met ZK-2031, beide medewerkers zijn akkoord.
De zaak 2026/00417 is van de broer.
Werklast komt op 107 %, dat is te doen.
Van 98 % naar 111 %, met toestemming van de teamleider.
Boven de norm, maar zij sluit op 30-11 twee zaken af.
Komt op 38,5 van de 36 uur; voor 2 weken is dat goed.
De norm is 27,36 uur en er staat 24,10 open.
Heeft 3 + 2,5 + 4 uur aan reizen in week 48.
In week 48 en 49 op cursus.
In week 51, 52 en 1 met verlof.
Van 21-12-2026 t/m 4-1-2027 afwezig.
Verlof van 1 tot en met 14 februari.
Vakantie tot 06-01, dus start op 07-01.
Start maandag 7 december om 9.00 uur.
Pas vanaf maandag beschikbaar.
Kan pas na de kerstvakantie starten.
Heeft net een zware zaak erbij gekregen.
Heeft de afgelopen weken veel zware zaken gekregen.
Er zijn al drie spoedzaken op dit team geland.
Moeder wil graag dezelfde medewerker houden.
Vader vraagt nadrukkelijk om iemand anders.
Ouders hebben bezwaar gemaakt tegen de vorige medewerker.
Het gezin kent hem uit een eerdere maatregel.
Er is een familieband met iemand uit het netwerk.
Woont in dezelfde straat als het gezin.
Zit met de ouders in het bestuur van de sportclub.
Eigen kind zit bij een van de kinderen in de klas.
Belangenverstrengeling; met de teamleider besproken.
Vertrouwensbreuk in de vorige periode.
De samenwerking liep vorige keer vast.
Wil leren werken met drangtrajecten.
Leerdoel voor dit jaar: een zaak met complexe scheiding.
Past bij haar leerdoel, met begeleiding van een ervaren collega.
In opleiding, dus alleen als tweede plek.
Registratie loopt tot 1-6-2027.
SKJ-registratie is aangevraagd, tot die tijd samen met een geregistreerde collega.
Heeft de training voor GI-methodiek afgerond.
Heeft ervaring met de methode en met deze school.
Kent het wijkteam en de huisarts goed.
Kan goed overweg met de betrokken pleegzorgorganisatie.
Spreekt de taal die nodig is zonder tolk.
De tolk is alleen op dinsdag beschikbaar.
Drie kinderen op drie adressen: te veel reistijd voor hem.
De kinderen wonen bij twee verschillende pleegouders.
Er zijn 4 kinderen in het gezin, van 2 tot 16 jaar.
Oudste is 17 en wordt in maart 18.
Het gaat om twee OTS-zaken en één voogdij.
Maatregel loopt af op 15-2-2027, verlenging is aangevraagd.
Machtiging uithuisplaatsing is voor 3 maanden afgegeven.
Spoed-UHP gisteravond uitgesproken, er moet vandaag iemand heen.
VOTS van vandaag, zitting binnen 14 dagen.
Binnen 5 werkdagen moet er contact zijn.
Eerste contact moet voor 4 december.
Termijn van 6 weken voor het plan loopt al.
Wachten tot de Raad zijn rapport heeft.
Rapport van de Raad komt over ongeveer 3 weken.
Nog niet duidelijk of de maatregel doorgaat.
Hoger beroep loopt nog.
De rechter heeft de beslissing aangehouden.
De zaak wordt overgedragen aan een andere instelling.
Overdracht met het CJG is nog niet gedaan.
Eerst warme overdracht met de vorige instelling.
Eerst het multidisciplinair overleg van donderdag afwachten.
Wachten op uitkomst van het MDO.
Het veiligheidsplan moet eerst klaar zijn.
Risicotaxatie volgt deze week.
Dossier is nog niet compleet.
Ontbrekende stukken zijn opgevraagd.
Gemeente moet eerst een bepaling afgeven.
Wachten op de beschikking van de gemeente.
Gezin verhuist per 1 januari naar een andere regio.
Verhuizing is uitgesteld.
Ander team neemt de zaak mogelijk over.
Regio Noord heeft geen ruimte meer.
Ligt op de route van haar andere zaken.
Woont op 10 minuten van het gezin.
Reist met het openbaar vervoer; 1,5 uur heen is te ver.
Geen auto tot 1 februari.
Heeft alleen op maandag en dinsdag de auto.
22 minuten reistijd tegen 48 minuten voor de ander.
Scheelt 2 x 45 minuten per bezoek.
1500 km 3 keer per jaar is te veel.
Twee huisbezoeken per week, dus dichtbij wonen helpt.
Duo is nodig vanwege dreiging.
Veiligheid: niet alleen op huisbezoek.
Dreiging is geweken, duo is niet meer nodig.
Duo met een ervaren collega uit een ander team.
Tweede plek blijft voorlopig open.
Tweede medewerker wordt na 1 december gezocht.
Eerste plek voor haar, tweede plek voor een collega in opleiding.
Verdeling van de uren: 4 en 2.
Wissel van plekken op verzoek van beiden.
Op eigen verzoek.
Op verzoek van de medewerker, zie het gesprek van vorige week.
Met haar overlegd en zij is akkoord.
Hij heeft zelf aangegeven dat dit past.
Hij geeft aan dat het nu te veel is.
Zij heeft in oktober al twee keer nee gezegd.
Heeft bezwaar; in het team besproken en toch zo besloten.
Het team vindt unaniem dat dit het beste past.
Stemming in het team: 6 voor en 2 tegen.
Niet iedereen was het eens; afgesproken om het over 4 weken te bekijken.
Afgesproken in de vergadering, agendapunt 4.
Uitzondering voor deze ene keer.
Tijdelijk, tot de nieuwe collega begint.
Nieuwe collega begint op 1-2-2027 met 24 uur.
Begint volgende maand in het team, inwerkperiode 12 weken.
Gaat per 1 mei met pensioen.
Contract loopt af op 31-12-2026.
Gaat over twee maanden naar een ander team.
Re-integreert, bouwt op met 4 uur per twee weken.
Bouwt op volgens schema: 8, 12, 16, 20 uur.
Werkt 4 dagen, niet op woensdag.
Werkt 36 uur, waarvan 4 uur voor de ondernemingsraad.
Heeft 6 uur voor werkbegeleiding.
Is ook aandachtsfunctionaris en heeft minder tijd.
Heeft bereikbaarheidsdienst in week 50.
Doet de komende 2 weken bureaudienst.
Vervangt een collega tot en met 18-12.
Waarneming loopt door tot half januari.
Zaak gaat terug naar de oude medewerker na haar verlof.
Continuïteit voor het gezin weegt hier zwaarder.
Gezin heeft al vier wisselingen gehad.
Vijfde wissel in 2 jaar; deze keer iemand die blijft.
Het voorstel scheelt maar 2,4 punten.
Voorstel was goed, alleen de reistijd klopte niet.
Het verschil is 14 tegen 12 punten, dus bijna gelijk.
De uren in het systeem kloppen niet; feitelijk 5 uur per week.
Fase klopt niet: zit al in de afrondende fase.
Zwaarte is in de praktijk lager, ongeveer 60 %.
Kost nu 7 uur per week in plaats van 4,5.
Geschat op 3, 4, 4, 5 en 6 uur.
Mediaan van de schattingen is 4,25 uur.
Gewogen op 5,75 uur omdat er 3 scholen betrokken zijn.
Veel partijen: school, huisarts, wijkteam, pleegzorg en politie.
Complexe scheiding met veel mail en telefoon.
Ouders bellen elke dag.
Veel contact met de advocaat van vader.
Beide ouders hebben een advocaat.
Rapportage voor de zitting kost extra tijd.
Klacht loopt bij de klachtencommissie.
Tuchtzaak loopt; daarom nu geen nieuwe zaak.
Er ligt een klacht over de vorige periode.
Media-aandacht verwacht.
Aangifte gedaan, afspraken met politie staan in het dossier.
Alleen overdag beschikbaar in verband met eigen zorgtaken.
Wil nu liever geen zware zaken.
Heeft genoeg aan 2 zware zaken.
Wil graag een keer een gezin met jonge kinderen.
Wil meer jeugdreclassering doen.
Kan er nog 1 bij, niet 2.
Kan er pas 1 bij als Z-0988 is afgesloten.
Zaak blijft staan tot 15-12, dan opnieuw bekijken.
Over 14 dagen opnieuw bekijken.
Opnieuw bekijken op 7 dec.
Staat al 5 weken op de lijst.
Wacht al sinds 2-10 en kan niet langer wachten.
Langst wachtende zaak van dit team.
Doorstroom: er komt pas in januari weer ruimte.
Team zit vol; met team Zuid overlegd.
Team Noord (14 mensen) heeft 32,5 uur over.
Zie het verslag van de vergadering, punt 3.2.
Zie punt 4.1.2 van het verslag.
Regel 7.3 van het convenant geldt hier.
Volgens artikel 1:255 BW.
Artikel 1:265b BW, machtiging voor 6 maanden.
Volgens de afspraak in het inkoopkader 2026-2028.
Past binnen het budget: 10.000 euro per jaar.
Kosten zijn € 1.250,50 per maand.
Ingeschat op 100-120 uur in totaal.
Van 4.5 naar 6.0 uur.
Nr. 3 van de lijst, na 12 en 7.
Punten 10, 20 en 30 zijn besproken.
Regio 0592 wordt door een ander team gedaan.
Zaken 101, 102, 103, 104 en 105 horen bij elkaar.
Uren per week: 3 3 4 4 5 5 6.
Kamer 2.14, 10 december, 13.00-14.30 uur.
Ma 9-12, di 13-17 en do 9-17 beschikbaar.
Beschikbaar op 1, 3, 8, 10, 15 en 17 december.
Eerste keer samen; evaluatie na 3 maanden.
Evaluatie op 1-3, 1-6 en 1-9.
Deze zaak graag als eerste bespreken.
Geen bijzonderheden.
Zie eerdere toelichting.
Conform voorstel.
Akkoord!
N.v.t.
`
  .trim()
  .split('\n')
