"""Closed lists of names that stand for one another: countries and those who live there, cities, titles, first names.

Groups are divided by ``|``; within a name of several words these are joined by ``_``.
"""

# Countries, their short names, adjectives and inhabitants.
COUNTRIES = """
afghanistan afghan afghani | albania albanian | algeria algerian | andorra andorran | angola angolan | argentina
argentine argentinian | armenia armenian | australia australian aussie | austria austrian osterreich |
azerbaijan azerbaijani azeri | bahamas bahamian | bahrain bahraini | bangladesh bangladeshi | barbados barbadian
| belarus belarusian byelorussia | belgium belgian | belize belizean | benin beninese | bhutan bhutanese |
bolivia bolivian | bosnia bosnian bosnia_and_herzegovina | botswana botswanan motswana batswana | brazil
brazilian brasil | bulgaria bulgarian | burkina_faso burkinabe | burundi burundian | cambodia cambodian khmer |
cameroon cameroonian | canada canadian | chad chadian | chile chilean | china chinese prc
peoples_republic_of_china | colombia colombian | congo congolese | costa_rica costa_rican | croatia croatian
croat | cuba cuban | cyprus cypriot | czechia czech czech_republic | denmark danish dane | djibouti djiboutian |
dominican_republic dominican | east_timor timor_leste timorese | ecuador ecuadorian | egypt egyptian |
el_salvador salvadoran | eritrea eritrean | estonia estonian | eswatini swaziland swazi | ethiopia ethiopian |
fiji fijian | finland finnish finn | france french frenchman frenchmen frenchwoman | gabon gabonese | gambia
gambian | georgia georgian | germany german deutschland federal_republic_of_germany | ghana ghanaian | greece
greek hellenic | grenada grenadian | guatemala guatemalan | guinea guinean | guyana guyanese | haiti haitian |
honduras honduran | hungary hungarian magyar | iceland icelandic icelander | india indian | indonesia indonesian
| iran iranian persia persian | iraq iraqi | ireland irish irishman irishmen irishwoman eire | israel israeli |
italy italian | ivory_coast ivorian cote_divoire | jamaica jamaican | japan japanese | jordan jordanian |
kazakhstan kazakh kazakhstani | kenya kenyan | kosovo kosovar kosovan | kuwait kuwaiti | kyrgyzstan kyrgyz |
laos laotian lao | latvia latvian | lebanon lebanese | lesotho basotho | liberia liberian | libya libyan |
liechtenstein liechtensteiner | lithuania lithuanian | luxembourg luxembourgish luxembourger | madagascar
malagasy | malawi malawian | malaysia malaysian | maldives maldivian | mali malian | malta maltese | mauritania
mauritanian | mauritius mauritian | mexico mexican | moldova moldovan | monaco monegasque | mongolia mongolian
mongol | montenegro montenegrin | morocco moroccan | mozambique mozambican | myanmar burma burmese | namibia
namibian | nepal nepali nepalese | netherlands dutch holland dutchman dutchmen hollander | new_zealand
new_zealander kiwi nz | nicaragua nicaraguan | nigeria nigerian | niger nigerien | north_korea north_korean dprk
| north_macedonia macedonian macedonia | norway norwegian norge | oman omani | pakistan pakistani | palestine
palestinian | panama panamanian | papua_new_guinea papuan | paraguay paraguayan | peru peruvian | philippines
filipino filipina philippine | poland polish pole | portugal portuguese | qatar qatari | romania romanian
rumania | russia russian russian_federation | rwanda rwandan | samoa samoan | san_marino sammarinese |
saudi_arabia saudi saudi_arabian | scotland scottish scot scots | senegal senegalese | serbia serbian serb |
seychelles seychellois | sierra_leone sierra_leonean | singapore singaporean | slovakia slovak slovakian |
slovenia slovenian slovene | somalia somali | south_africa south_african | south_korea south_korean rok |
south_sudan south_sudanese | spain spanish spaniard | sri_lanka sri_lankan ceylon | sudan sudanese | suriname
surinamese | sweden swedish swede sverige | switzerland swiss | syria syrian | taiwan taiwanese | tajikistan
tajik | tanzania tanzanian | thailand thai siam siamese | togo togolese | tonga tongan | trinidad trinidadian
trinidad_and_tobago | tunisia tunisian | turkey turkish turk turkiye | turkmenistan turkmen | uganda ugandan |
ukraine ukrainian | united_arab_emirates uae emirati | united_kingdom uk britain great_britain british briton |
united_states us usa united_states_of_america america american | uruguay uruguayan | uzbekistan uzbek | vatican
holy_see vatican_city | venezuela venezuelan | vietnam vietnamese viet_nam | wales welsh welshman | england
english englishman englishmen | yemen yemeni | zambia zambian | zimbabwe zimbabwean | europe european |
european_union eu | asia asian | africa african | soviet_union ussr soviet | united_nations un | tibet tibetan |
catalonia catalan | bavaria bavarian | brittany breton | flanders flemish | sicily sicilian | siberia siberian |
quebec quebecois | california californian | texas texan | hawaii hawaiian | alaska alaskan
"""

# Places that have another name in another language, or that were renamed.
PLACES = """
munich munchen | cologne koln | vienna wien | prague praha | warsaw warszawa | moscow moskva muscovite | rome
roma roman | milan milano | florence firenze florentine | venice venezia venetian | naples napoli neapolitan |
turin torino | genoa genova genoese | lisbon lisboa | copenhagen kobenhavn | gothenburg goteborg | athens athina
athenian | brussels bruxelles brussel | antwerp antwerpen | ghent gent | the_hague den_haag hague | geneva
geneve genf | zurich zuerich | basel basle | nuremberg nurnberg | hanover hannover | brunswick braunschweig |
bucharest bucuresti | belgrade beograd | kyiv kiev | lviv lvov | kharkiv kharkov | odesa odessa | krakow cracow
| gdansk danzig | wroclaw breslau | istanbul constantinople | izmir smyrna | beijing peking | guangzhou canton |
mumbai bombay | kolkata calcutta | chennai madras | bengaluru bangalore | yangon rangoon | ho_chi_minh_city
saigon | seville sevilla | saragossa zaragoza | mexico_city ciudad_de_mexico | new_york_city new_york nyc |
los_angeles la | washington_dc washington dc | saint_petersburg st_petersburg petersburg leningrad | cairo
al_qahira | damascus dimashq | jerusalem al_quds | mecca makkah | london londoner | paris parisian | berlin
berliner | sao_paulo s_paulo | rio_de_janeiro rio
"""

# Words of a name that are written short.
SHORT = """
doctor dr | professor prof | saint st ste | mount mt mountain mtn | street st str | avenue ave av | road rd |
boulevard blvd | square sq | fort ft | mister mr | missus mrs ms miss | senior sr | junior jr | governor gov |
senator sen | representative rep | general gen | lieutenant lt | sergeant sgt | captain capt | colonel col |
major maj | reverend rev | president pres | department dept | university univ uni | government govt |
association assn assoc | international intl | national natl | company co | corporation corp | incorporated inc |
limited ltd | brothers bros | institute inst | number no nr | volume vol | chapter ch chap | figure fig | page
pg | january jan | february feb | march mar | april apr | june jun | july jul | august aug | september sept sep
| october oct | november nov | december dec | monday mon | tuesday tue tues | wednesday wed | thursday thu thur
thurs | friday fri | saturday sat | sunday sun | kilogram kg kilo kilogramme kilos | gram g gramme | milligram
mg | tonne ton | kilometre km kilometer | metre m meter | centimetre cm centimeter | millimetre mm millimeter |
litre l liter | kilowatt kw | megawatt mw | gigawatt gw | hour hr h | minute min | dollar usd | euro eur | pound
gbp | percent pct | television tv | covid coronavirus | world_war_one world_war_1 first_world_war great_war ww1
wwi | world_war_two world_war_2 second_world_war ww2 wwii | q1 first_quarter quarter_1 | q2 second_quarter
quarter_2 | q3 third_quarter quarter_3 | q4 fourth_quarter quarter_4 | chief_executive ceo
chief_executive_officer | chief_financial_officer cfo | prime_minister pm premier | member_of_parliament mp |
vice_president vp | chief_technology_officer cto
"""

# First names and what their bearers are called.
FIRST_NAMES = """
robert bob bobby rob | william bill will billy | richard rick dick rich | james jim jimmy jamie | john jack
johnny jon | michael mike mick | thomas tom tommy | joseph joe joey | charles charlie chuck | edward ed eddie
ted | theodore ted teddy | samuel sam | benjamin ben | daniel dan danny | david dave | matthew matt | andrew
andy drew | anthony tony | christopher chris | nicholas nick | stephen steven steve | alexander alex sasha |
gregory greg | timothy tim | kenneth ken | ronald ron | donald don | lawrence larry | leonard leo len |
frederick fred freddie | francis frank | walter walt | patrick pat | peter pete | philip phil | jeffrey jeff |
gerald jerry | abraham abe | elizabeth liz beth betty lisa | katherine catherine kate kathy | margaret maggie
meg peggy | patricia pat patty tricia | jennifer jenny jen | susan sue susie | deborah deb debbie | barbara barb
| victoria vicky | rebecca becky | jessica jess | alexandra alex sandra | theresa tess terry
"""

# Words before or behind a name that may be left out of it: King Oskar is Oskar, Lake Vorna is Vorna.
TITLES = frozenset(
    "mr mrs ms miss dr doctor prof professor sir dame lord lady king queen prince princess emperor empress tsar pope "
    "saint st president chancellor premier minister prime governor senator congressman congresswoman representative "
    "mayor judge justice general colonel major captain lieutenant sergeant admiral commander chief ceo founder "
    "chairman chairwoman director coach reverend father sister brother bishop cardinal rabbi imam sheikh sultan duke "
    "duchess count countess baron baroness lake mount river cape author singer actor actress".split()
)
SUFFIXES = frozenset(
    "inc ltd llc corp corporation co company companies plc ag gmbh sa nv group holdings holding incorporated limited "
    "jr sr ii iii phd".split()
)

# Words that tell one thing from another of the same name, and so are never left out: South Belmark, Old Town.
TELLING = frozenset(
    "new old north south east west northern southern eastern western upper lower greater lesser united central inner "
    "outer great little big small first second third saint st san santa los las el fort port young younger elder "
    "royal national federal state city county".split()
)

# Words that call a thing what it is, and so do not stand for its name by themselves: Church Street is not any Street.
HEADS = frozenset(
    "street road avenue lane square bridge tower hall house castle palace park garden forest valley hill mountain "
    "island river lake bay sea ocean coast canal harbour harbor port airport station line railway school college "
    "university institute academy hospital clinic church cathedral temple museum gallery library theatre theater "
    "cinema hotel bank company club team league cup prize award medal party union association society committee "
    "council court ministry department agency office bureau commission parliament congress senate assembly act "
    "law bill treaty accord agreement pact plan project programme program war battle siege revolution revolt "
    "crisis festival conference summit games championship tournament series film book show album times post "
    "journal herald magazine press model version group fund foundation trust system network service services "
    "centre center market store shop factory mill works mine dam tunnel building stadium arena village town city "
    "county state province region district kingdom empire republic army navy force ship kettle pump engine".split()
)
