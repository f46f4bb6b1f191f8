import type { CatalogueList } from '../contract/catalogue-entries.ts'
import type { BothLanguages } from './call.ts'

/** On what nobody is judged here, neither a colleague nor a client. */
type Ground =
  | 'illness'
  | 'pregnancy'
  | 'union'
  | 'origin'
  | 'nationality'
  | 'belief'
  | 'sex'
  | 'orientation'
  | 'politics'

interface Words {
  name: BothLanguages
  /** Beginnings of words: 'ziek' finds 'ziekte' and 'ziekmelding', not 'muziek'. */
  stems: readonly string[]
  /** Whole words, which begin other ones. */
  words?: readonly string[]
}

/** Dutch and English, in small letters without accents; a space stands for any sign between words, or for none. */
const GROUNDS: Record<Ground, Words> = {
  illness: {
    name: { nl: 'ziekte of gezondheid', en: 'illness or health' },
    stems:
      'ziek,medisch,gezondheid,arbeidsongeschikt,burn out,overspannen,overspanning,depressi,psychisch,psychiatr,psycholog,kanker,chemo,chronisch,handicap,therapie,operatie,revalida,verslav,migraine,hernia,covid,corona,long covid,allergie,autis,adhd,diagnose,hartklacht,rugklacht,sick,illness,medical,health,disease,disab,disorder,cancer,depress,chronic,therapy,surgery,rehabilit,addict,injury,autism,diagnos,hospital'.split(
        ',',
      ),
    words: ['ill', 'wia', 'wao', 'ptss', 'ptsd', 'griep', 'flu', 'stress'],
  },
  pregnancy: {
    name: { nl: 'zwangerschap', en: 'pregnancy' },
    stems:
      'zwanger,bevalling,bevallen,kraam,kolven,kolftijd,kolfuren,borstvoeding,miskra,vruchtbaarheid,fertili,pregnan,maternity,breastfe,lactation,miscarriage,childbirth,postnatal,antenatal'.split(
        ',',
      ),
    words: ['ivf', 'kolf', 'geboorte'],
  },
  union: {
    name: { nl: 'lidmaatschap van een vakbond', en: 'membership of a trade union' },
    stems: 'vakbond,vakvereniging,bondslid,bondswerk,kaderlid,trade union,labour union,labor union'.split(
      ',',
    ),
    words: ['union', 'unions', 'fnv', 'cnv'],
  },
  origin: {
    name: { nl: 'afkomst', en: 'origin' },
    stems:
      'afkomst,herkomst,etnisch,etnicit,nationaliteit,allochto,autochto,migratieachtergrond,huidskleur,rassen,buitenlander,vluchtelingenachtergrond,ethnic,nationalit,immigrant,skin colo,foreigner,racial'.split(
        ',',
      ),
    words: ['ras', 'race', 'origin', 'sinti'],
  },
  nationality: {
    name: { nl: 'afkomst', en: 'origin' },
    stems:
      'turks,turkish,marokkaan,moroccan,surina,antillia,arubaan,syri,eritre,somali,bulgaar,roemeen,romanian,oekrai,ukrain,afghaan,iraki,iraans,arabisch,afrikaan,african,aziatisch'.split(
        ',',
      ),
  },
  belief: {
    name: { nl: 'geloof of overtuiging', en: 'belief' },
    stems:
      'gelovig,religi,godsdienst,levensovertuiging,islam,moslim,muslim,christen,christel,christian,katholi,catholic,protestant,gereformeerd,reformatorisch,joods,jewish,hindoe,hindu,boeddhis,buddhis,jehova,kerkelijk,moskee,mosque,hoofddoek,headscarf'.split(
        ',',
      ),
    words: ['geloof', 'kerk', 'church', 'faith', 'belief', 'ramadan', 'jood', 'jew'],
  },
  sex: {
    name: { nl: 'geslacht', en: 'sex' },
    stems: 'geslacht,gender,vrouwelijk,mannelijk,transgender,transsek,non binair,non binary'.split(','),
    words:
      'man,mannen,vrouw,vrouwen,male,female,men,women,woman,sex,sekse,overgang,menopause,menopauze'.split(
        ',',
      ),
  },
  orientation: {
    name: { nl: 'seksuele gerichtheid', en: 'sexual orientation' },
    stems:
      'homosek,lesbi,biseksu,bisexual,heteroseksu,heterosexual,lhbt,lgbt,geaardheid,seksuele voorkeur,seksuele gerichtheid,sexual orientation'.split(
        ',',
      ),
    words: ['homo', 'gay', 'queer', 'hetero'],
  },
  politics: {
    name: { nl: 'politieke opvattingen', en: 'political views' },
    stems: ['partijlid', 'politieke voorkeur', 'politieke overtuiging', 'political', 'party member'],
  },
}

const ABOUT_PEOPLE: readonly Ground[] = ['union', 'origin', 'belief', 'sex', 'orientation', 'politics']
const EVERY = Object.keys(GROUNDS) as Ground[]

/**
 * What the entries of a list may not be about. Reasons are about people, so they name none of these. Work may well be about the
 * health of a client or a child that is expected: a factor or a competence of that name is work, and so is a language.
 */
export const GROUNDS_OF: Record<CatalogueList | 'profiles', readonly Ground[]> = {
  reductionReasons: EVERY,
  overrideReasons: EVERY,
  profiles: EVERY,
  measures: ABOUT_PEOPLE,
  factors: ABOUT_PEOPLE,
  competences: ABOUT_PEOPLE,
  methods: ABOUT_PEOPLE,
  municipalities: [],
}

const WHY: Partial<Record<CatalogueList | 'profiles', BothLanguages>> = {
  reductionReasons: {
    nl: 'Een reden voor minder uren is neutraal: verlof, taak, opleiding, opbouw van uren of overig.',
    en: 'A reason for fewer hours is neutral: leave, duty, training, phased return or other.',
  },
}
const WHY_ELSE: BothLanguages = {
  nl: 'Daarop wordt hier niemand beoordeeld of gekozen. Noem wat het werk vraagt.',
  en: 'Nobody is judged or chosen by that here. Name what the work requires.',
}

/** Why this name cannot stand in this list, with the word that makes it so; null when it can. */
export function groundIn(
  text: string,
  list: CatalogueList | 'profiles',
): { fragment: string; message: BothLanguages } | null {
  const plain = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
  for (const ground of GROUNDS_OF[list]) {
    const found = PATTERNS[ground].exec(plain)?.[0]
    if (found === undefined) continue
    const { name } = GROUNDS[ground]
    const why = WHY[list] ?? WHY_ELSE
    return {
      fragment: found,
      message: { nl: `Dit gaat over ${name.nl}. ${why.nl}`, en: `This is about ${name.en}. ${why.en}` },
    }
  }
  return null
}

const spaced = (words: readonly string[]) =>
  words.map(word => word.replaceAll(' ', '[^\\p{L}\\d]*')).join('|')
const PATTERNS = Object.fromEntries(
  EVERY.map(ground => {
    const { stems, words = [] } = GROUNDS[ground]
    const whole = words.length > 0 ? `|(?:${spaced(words)})(?!\\p{L})` : ''
    return [ground, new RegExp(`(?<!\\p{L})(?:(?:${spaced(stems)})\\p{L}*${whole})`, 'u')]
  }),
) as Record<Ground, RegExp>
