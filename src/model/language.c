/* SPDX-License-Identifier: MIT
 *
 * Which of the 24 official languages of the EU a text is written in. Plain text
 * goes in; two letters come out, or nothing when the text is too short or too
 * mixed to tell. Two things count: the commonest three letters in a row of each
 * language, and letters that few alphabets have.
 */
#include <stdlib.h>
#include <utf8proc.h>

#include "model/internal.h"

#define TEXT_LOOKED_AT ((size_t)1500) /* bytes of a text that are enough */
#define TRIGRAMS       250	      /* of a language */
#define LAST_POINTS    75	      /* points of the last of them; each one before it has one more */
#define LETTER_POINTS  400	      /* of a letter that one language alone has; others share them */
#define SCORE_MIN      3000	      /* points below which nothing is said */
#define LEAD_PERCENT   102	      /* of the second language's points that the first must have */
#define COVER_PERCENT  20	      /* of the text's trigrams that must be the first language's */
#define BOUNDARY       '_'	      /* the beginning or the end of a word */

/* Trigrams in lower case, the commonest first, without anything between them: counted in translated
 * manuals, the Maltese ones in a list of words; words count by the logarithm of their number. */
static const struct {
	const char *code, *trigrams, *letters;
} languages[] = {
	{"bg",
		"то__прте__ко_зата_не__поитеанева__съ_изатана_за_преето_наван_каия__от_торезенизи_ат_ез__доно_кат"
		"_неранни_при_въслеледпровърирали_разетема_менда_ен__даредния_си_словатовежд_мори_ожеато_ра_таима"
		"_имка_ост_менатдат_семожниеса_същси_ед__станистаденктоилиактнит_саитонетент_бъозиазисе__късъсйто"
		"бъдще_же_оятот__в_кой_е__и__с__обкоикакполкое_илщо_кояъм_ие_оитърхпо_межватятокъмойт_щедо_ъс_жду"
		"ду_ъщооетоторхуху_тозподтаз_чрчреаваиятъдаявазвателовеате_реестствът_стоти_стрцияписбрара_изпеде"
		"делносомеадетекавистики_ленказзад_теориятааци_опадаелечентва_инратеназапинановст_прамат_кллният_"
		"равиетходграмесектексклюлючалитор_дипосдадалнтирорммерлноизбеднолзлзвветтри_патанокаатиремобрфор"
		"_маичнастпълива_фала_айлфай_ноементиикаистазадърдавритнотандълнартзнартиром_ни",
		"ъщьюя"},
	{"cs",
		"_poní__je_pr_přto_ou_ter_taost_nektepro_ktte__nach_enípodce_ho__odje__bu_vyže__doby_ze__vý_zabud"
		"né__se_bytakna_jejat_stiichdos_žážád_stjicsouentejitu_přeádostait_přist_ky_le_ti__obání_teovaen_"
		"_mooku_ve_jaké_ováry_em_kturojodpporva_ku__medpode_ektvatatojakové_náojený_pokmezýchak_akoznaván"
		"rovjektatledko_příod_nebbrací_bylložse_eréjenpraohoerýujedoumůžůžeeboeráři__abstrmus_tétenmenré_"
		"_můro_stunenoryudeusíakézi__mu_koyl_ve__a_dle_jsud_rý__v_datím_rá_jsosí_kudlzemohbo_do__s_udoraz"
		"ehoýt_ezi_zeabyhou_k_vícastobrícevol_z_slo_daravjehntoek_tav_tě_o__býbýtpo__žepouodl_lz_víěch_kl"
		"tovně_těc_rony_chttététoran_ažaž_éhochžhž_dnohto_spvýznouci_ka_etezva_mavé_ednkon_záýzvtí__slový"
		"užizennovoužnostupměnormná_ty_ovntabru_povfor_sono_lovechodnslenímvybístřednut",
		"řěů"},
	{"da",
		"er_en__deet_ereterderde_ingdenllere_fortteindte_nde_me_fo_iniveng_es_elltildetverne__tiede_stnin"
		"steed__hvleror_kke_koom__skgen_blbli_maar_an_somentres_ogke__anlivret_harerngehar_si_vimen_afvær"
		"ger_vævisner_remerett_enlemil_ig_eks_kalinendels_beve_rinnneikkåde_saat_se_nteskatetmanal_hedstø"
		"erikalstadatelt_om_frmmege_ftesamdellseis__udgnisigligernand_erog_kon_ve_elmelrneem__so_etkan_da"
		"vedår_egn_kukermed_ikhviormæresøg_påennvor_efhvoidereneft_nykun_ationirkskrle_så_fraogsra__i_tøt"
		"øttigeaf_mt_på_ldekriansun_virnår_di_nåtio_op_teersgsåillnyeamtatatreye_øgnundredkti_ta_båbådrks"
		"ndsatirtestrkso_geortnsøomhmheel_gratabserregtal_listikstst__fiensonekomangtekistatesketegmatndt"
		"felabesenast_brlteektfilnktlt_arkeleleninjnjebeltivunkonttypdigiskrstdreletper",
		"øæå"},
	{"de",
		"en_einer__eiichinech__auten_deden_besch_zuung_da_dichederdienensteie_in_bente_terndegenier_un_we"
		"ver_anes_ng_nte_voerterechtbernd__si_vewerauseserdezei_wiem_iesrenhenelleiceitlenur_endentwiert_"
		"istmenerdvordas_geabengeers_seaufllehre_inbei_erachht_reiit_untübese_ne_ass_üb_soindon_uchseire_"
		"st__binerund_st_alsicdatatele_mitei_is__koannite_nu_ze_miigetellteet_rterundesus__nann_alt_fünne"
		"odeum__ih_kaandionstaor_ls_ge_zurnacebeernas_uf_durserrchihrweiwirdem_haurcsen_iskantioalsssefor"
		"ss_an__imim_he_eiszu__duati_od_nilicgeb_kö_rekönönnvonfürür_nic_foneshersinnemirdrd_aucchn_feeru"
		"nurzumde_habbissowerwchrnst_scowihallt_teieilangormges_mammeleiestene_abeldegetzerscingechlierie"
		"gt_ensisc_greigakt_en_taumetienierecwenmatrstins_lihlern_tigfolnt_inifenagekti",
		"ß"},
	{"el",
		"_στου_αι__το_κατε__τηης_στοων_ση_ια_ις_να_τη_στητουτο__πρως__μετα__απην__επτηντις_διει_κατται_συ"
		"_αν_δεετεος_οποπροτικμένες_ματας_επι_αυαυτουςυς_σης_παδιαένα_ποετα_σεστιατάτων_ταησηιστον_υτόοι_"
		"_πεπουαπότά_παρτονπερ_τιγραίνα_ένεριτης_μιές__υπριστό__είών_σε_είν_ναγιαναιής_μιακαιπό__γιία_στε"
		"με_δενθα__η__ή__οιεν__τω_θα_ο_εί__ωςποιλογέωςσει_έωαταικόμα_ντα_αρυπο_ενσεττροπιλμετ_πλισμραφαρα"
		"συνολοού__χρατοοντνο_ανττοςκό_εργμενανα_ειείτωσηικήροσασηαποτερντι_ορειςορί_κεένοός_σιμήσεστακή_"
		"γράιο__εκδικ_γρπολημεορισυμραμικάκά_ικοφοραρινειστήθείούνκαθίζετρέποίρησεφαειραφοιμοσημ_μοίας_σχ"
		"νη_ισητελαμμπισίουτασ_τε_τρντοποθριθρα_ζειαλλδιάτοπλεγ_αλτή_ήματητριοουρρουσία_σύετιχείεντεκτλου"
		"ίτεελεεισενο_μέπρόανορο_ρετυργομέρίσαρμλείήστένηχειλει_κλικέιθμμμααρχαθοησιγή_",
		""},
	{"en",
		"_thed_thees_ing_inng_on_ion_co_bean_tiots__rere_enter_or_en__an_witer_wh_haat__mais__foas_ouryou"
		"to__itinteenatese__yont__caur_atifortha_prnd_le_conectve__sh_most__se_de_al_arll_al_res_toandted"
		"arein_ns_ay_hante_ese_asth__noorech_it_not_or_fr_dild__ismenilltin_ex_onom_shoustave_weithot__pa"
		"_of_stwitce_ntethionscanrs_hesalscalpre_athe_hic_ou_muhatitsweeso_hisromhouersctiwhintoetwly_of_"
		"betfrobe__byichou_onthasey_comhavmorby_wilir_heioululdineesswhotwe_chmuslsopromaybee_suheyreaeir"
		"verblewe__fiho_matperideallrecds__listact_ormge_ica_enerentsparrin_op_loortsertesredageertpla_sp"
		"latrt_linme_ry_angne_elecesablendopederdatchaacttor_donceeriiveinsitirenounde_ame_unace_acist_si"
		"catordindasear__me_dastric_itefilextss_nta_polesdinumeratapp_baencaraiesartnde",
		""},
	{"es",
		"_coos_as__dees__esentón_ión_seestar_conció_prdo_resadoacita_de_te__sonte_hastades_en_repreen__su"
		"_inra__pure_comseredeica_la_unor_el_par_loto_on_uedpueion_paer_cioproerántaicilo_la_ntrquena_da_"
		"_alecttosden_diia__pomenal_se__catraporan_no_daslicara_elonelas_taadatersterá_ientorempmbi_noue_"
		"ctolosorintoambese_qusolrecesaficnesmpratopermo_ncitrebreeratamitusendebonaesptacha_tardosinaria"
		"_emastciasondelocaeberiostrunacci_málesstáás_án_tenidasusonvránberun_enchasir_másomo_ma_y_io_iza"
		"ro_cattud_o_udasobobrolitivifi_ayayuyudén_tá_vocistsdecitintsu_us_alibiéiénesdhanrad_siido_exont"
		"nvosasroyoyeyecudeantca_liz_pe_accardoraridadacteleminlecomprtaenema_rarecc_cutroble_moposalespe"
		"ndocadulanad_tetadndiverecimplescereicomieivauraertquieroormco_eceualtes_final",
		"ñ"},
	{"et",
		"se_le_tte_tamisise_kuda__sees_te_ab_st__et_vaenduse_mija__väematusus_llede_ma_stane_is_võt_te_ko"
		"aottevett_kaamiesttaootlevõta__võlt_minustineeksselud_el_ed__kevõilusid__siistell_al_toti__saetu"
		"lemoetutaks_akstoeoletlutud_jäõttingktiidasedatavälektidejäraheal_oonvaläljärgtabuurksekusndasti"
		"tamvahmal_pe_olava_proolad_ljatak_nigi_ateomaastmensektes_kõni__eeik_koratujekga_ndipeaadaeri_ja"
		"_ühsaaalamil_üleleorrhemhe__lion__juiisimieteühelisib_ääritahelpooõikresillähekõialt_omrra_paet_"
		"üle_poasutedseergi_nesiikasmidprokuiduskesng_ralureedaka_eeralinde_an_arlat_mäee__onkeltetkunväh"
		"tlesistatui_triõi_ninevari_aabjuu_eiei_ees_suuniald_lokirneneabdi_andõibolteja_mu_la_kistearv_le"
		"tememioniilitadlejtiili_õtesesiterojojetektidvadirjsutmuutsilehstukstldaadesi_",
		"õ"},
	{"fi",
		"en_an__jota_in_aan_se_ha_vasa_ssa_mu_kuritdeneenllala_le_ka_oithakityän_istettsta_koyritaa_taus_"
		"_yrnenttatä_ttätustäm_ollleon__täidekeeitusekvoitenakesteämäet_ykstet_ka_voksiain_rajoskä_ittsen"
		"ksealisetaa_tyk_näinevalekähoitää_sirahahoat__käja_illun_ennolevatäänkaauttisevaiäytkunollellnne"
		"kkeostallminossko__ni_av_enlin_titielittaioiduteustmeruodkäyos_iteokakanse__li_jä_jasi_okotelnta"
		"intkem_etstikokjonentkeadaaida_tutysmä__pa_onerk_saava_askirirjmänstojokku__eieta_lukutjotavuull"
		"ukamukansei_ikkkuioi_nkksilniinäilisttuai_ystmääimeti_jäluintoivulnka_sulketkaovaea_mut_mymyöös_"
		"ää_onkakunssyösetäotkälk_ovvuoäär_al_viiid_vuhan_piodetteteeankmisäidmusmenlä_uutemukohisäautkki"
		"lläoisaikkti_keeksäriasemuoyttmuuluk_melue_toientu_aluess_lasitna_esi_mädosied",
		""},
	{"fr",
		"es_nt_entre_er__cour_on_iontreeur_lene_que_en_prle_tio_cete__pa_deus__qu_unontmenpro_auue_ant_so"
		"_peet_atipar_reles_dontrrests_son_dé_in_suemeez_leuiquourousonnns_rs_conée_jet_povense_uneit_ce_"
		"peudoide_ise_no_seoje_apctiappprirojnteursdesté_ireux_cheiveuvelis_ré_plel_comterinslletteces_ou"
		"_saut__la_maectest_étainauxdan_voettrisansau__avpouageen_és_éesquises_esge_nne_choitas__di_expas"
		"sseets_tril_essifiun_avelusppesi__durepsurairnouétéaledu_ui_actêtronsistplula_ec_vouar_pel_ainsi"
		"_ne_etst__on_dachaeprqu__fonceren_l__d_cetou__il_livecéri_à__êtis_ficteussiie_alible_ca_moellure"
		"traouveutigniervertessa_euvser_acme_oivauttenitetil_séutiir_ompèreuleortiliendancperertassrtirie"
		"issinttanencplapréranillntiraiaramplporstrisiuesini_alposuelrreienrésaiséretif",
		"œ"},
	{"ga",
		"achar_na_ch_ir_dh__ch_leis_il_nn__bhannid_ithidhad_an_omhthein__sahaicht_agchuaisdiridi_naeidean"
		"he_mhaeaccui_iaear_sitá__doáiltha_attaiairteaha_aitighnac_coiad_se_in_gcuidchabeiain_de_cu_anhea"
		"reaath_níle_eisgh__ar_aita_arramhcombhféid_faaí_imh_maadh_trhtaon_as_leaaig_baharseoáid_táaoiire"
		"onniarnnaleiuil_gade_inn_féail_a_eo_san_ishunrraní__acion_fhmh_aíoíon_nó_thféi_dáneagacháigussa_"
		"rí_hadaguus__i_fui_iochoag_un_raisinhfunó__goatate_go__mbatámar_bebharaí_sédo_ratsé_och_idtrífao"
		"_shsiaoi_inaeadnai_tabhí_ro_ó_mbeana_óndonintaidba_ónaeáihí_ríoeasenadá_íocla_th_acucu_artcealen"
		"_fohuiuim_scgcu_caisclachei_umum_uir_dhoirán_oinghahoiht__teile_réthr_souithomlanoghche_cesáitar"
		"rogrthálaeagstaáinntahéainmiteeamníoabhocronrrt_úsáiom_riréiadaéanéad_luarailt",
		""},
	{"hr",
		"_po_prje_ti__koije_naako_moja_te_sta_izna__zakojma_ne_ka_anjva_prino_avaproitiojepodnje_do_odpre"
		"ko_om__bi_karij_suju_tav_imikaijaostredta__neni_jekoduori_ra_daima_st_jeli_uzemogduzih__svcijogu"
		"da__saim_dnonikiteoraremkomranse_ati_senak_tiće_ji_ajuto_rojkonjedpotke_jen_tavje_nion_sa_atanja"
		"takza_er_iliaj_adnodaemaojaziv_tepororeposuklojijavbitrajsu_datpozmorže_menekaozilikre__akvannij"
		"možistnos_ćenatacirisstičajbi__isetiod_tninu_ožeiraao_ećaeđuječkorća__s__u__i_ra__uvjetmeđljezna"
		"_ilgu_ekoiz__in_reog_otpkaoraz_trštoečasvido_kattreklaizmkaketnvih_št_vr_o_tijiv_đu_ednođezmepo_"
		"tjepis_srljuedsdstsrekođđeruvjladtrazetljatposukzećatjstoku_ren_dientritanian_nicivatekatoenj_sl"
		"_ovovaavlvljpraelimjejelak_ena_br_vaina_up_madankljjučtanodrsnila_aviguć_spvor",
		"ćđ"},
	{"hu",
		"_szek_ok__me_vatásintnt_gy_an_min_ez_beet_megelyatá_elen__kimelás_tt__amat__táame_miegyzat_azán_"
		"valámo_leszeés_áza_págatogavál_haszáalamogtámelemárra_ak_ályzás_egálllyá_köletpályázzámja__keált"
		"lyeal_talközsokjelellllezerlen_váel_sornekásohetis__ol_hoill_soez_si_ato_csndeozáagymenaszezeesz"
		"_álhat_nesa_entve_tésalkehehoztumyekló_tok_mááralehaz_em__alásallakoz_enár_ennindásizt_eg_sztazo"
		"csa_utbe_ítálta_isly_keleri_iltánamiyanözöolyll__a_zektvesakha_nnenem_deutáötterealó_karánhogogy"
		"vag_ésvanlyade_eztfelzötki_katzokámálaléseorádenrinetvlam_adot_araban_fe_tanállkotatcsoterhaslít"
		"ni_zéstjazet_jere_értes_sznse_lapssz_foálafor_kéeteát_oz_ezőtarik_artznásítti_benásáezéllíalm_ny"
		"on__értellt_laköveszaatókezottett_teormlisrtéségtármezrmálasét_or_ényos_téklma",
		"őű"},
	{"it",
		"_dere__coto_ionla_ziole_entno_llati_te_ne_ta__inell_prone_alconallestli_onoaziarentepre_daessdel"
		"_di_suatomen_qustaresglicheettllera_ssoand_ne_estrapos_riicani_he_queman_un_doereoniperda_atilo_"
		"comnelsonoma_sedalso_ueson_el_deval__pona__sopro_trevottidom_siesenti_im_petersi_serimp_anolase_"
		"di_ali_caatastr_agosttateristosseatento_noinaatt_chossnderatio_ficalesul_rede__stve_ome_la_pime_"
		"_paanc_leameer_zzaeraizz_lotivcoleglstiifiariparssiontri_seggetistun_verona_molazndaeveoreia_una"
		"in_nchbilitaca_ai_cordo_iliei_voltto_ilndicat_mainiaggchitennonmprnatggiricil_ro_ass_glelerog_ai"
		"_e_tor_è_iù__i__o_su_troza_deimpopiùul_intdeged__edizivon_scori_foporualforogedisntaagegevminspo"
		"carris_ap_splizurace_sioort_vico_inegratteirendoolomatvis_liappttafinondsteezi",
		""},
	{"lt",
		"_paas_os_ti_is_uri_prparai__takurtaiara_ku_šius__kaie__nuio_mongal_įmįmoės_ių_rammasojeproamakai"
		"rieali_ar_neektraima_iškaipjekiniip__jo_apri__skte__išaišpri_ti_la_garoj_sueikonėrinpertų_tas_ko"
		"skipattinta_rodinkite_pe_vimosmo_ikitikmen_tuturkirraškitje_entamojosapiima_at_po_nanuopastar_bu"
		"naunėsarp_būirtjų_jo_pagms__už_beintstauo_ra_ei_ba_risomaar_nių_reelier_pavktaarbal_rtaaudkadbūt"
		"kospiekų_auspo_dėlto_imorbavieli_ne_mattą_veibusšioytiyra_irir_ško_yrdinad_iam_į_ūtiiš_su_ik_at_"
		"ėl_iks_marp_aga_spaukiaiki_ši__dėktųškųšis_iklanudospauž__jųia_beistižymantoninėmėms_dies_asikom"
		"_veody_dalaireiavi_teiau_ra_kitatverusttraatyormfordžiskaran_įrmą_angoticijntiymėnt_lintelinanki"
		"ičiistčiadytienrmaojaįraame_slritiesaikpalliartinimiuouosgralioiriklapažažyuro",
		"ėįųąęū"},
	{"lv",
		"as_iet_attu_piekur_piai__pa_tistata__ku_va_noar__uz_iz_saumiatbes_lst_pr_labaltiets_alstbakumet_"
		"pro_dalaiiemtik_ie_koem_to_ies_arkā_eikbūtmi_vieparumuteimu_ektūt__vi_tojekikuete_nerojlieiekjum"
		"ēmuoje_kaja_mum_taņēmuzņzņēvartastā_kaieto_stru_konienvaira_šantot_tāsavinākstās_līdri__kā_ga_li"
		"_līdat_jaks_īdzus__beikastuaksikspārms_tarktukasot_ursskaura_jā_masa_arīstsaik_pāmieek_arpdz_ma_"
		"ija_ir_būuruanaikārādie__pēam__unir_šo_no_un_ktaizvuripēcēc__šīentuz_vēl_šo_navu_navav_cijrī_rak"
		"is__vešī_an_izmti_betavu_rerp_jābābūganuma_aprsana_veinasonknku_vēīt_zmaju_dītatuām_manjasvērrei"
		"aisībaslēzvēnesumseiz_diaranu_nātaitmen_dodu__sk_inrieielēt_maidarādīeidtītaukka_antērttatnosnto"
		"istdielēgastestramlabiskda_arbāci_cistinie_loturījuājuatīrasvernoros_ormmasmēr",
		"āēīūļņķģ"},
	{"mt",
		"_jigħata__għal_ll_il__tati_istħal_ti_inom_kun_maar_homun__miin_li_ja_entandma_jisni__fi_li_biet_"
		"ħu_ra__dagħuat_warstana_atiħanjon_hualloni_isija_diataminaraikaietperalimenagħdu_zjoan_ikuaw__ir"
		"zzjtaltarux__kont__pe_ik_kubilew_kolettilliegkonollnti_je_betietti_iddinegħbiemil_waermratit_tgħ"
		"_im_niex_ezzha_inntagtatatttra_kiinaejnis__il_prkul_itdannduiex_akir_malid_filnta_flrmedawwa_jn_"
		"intnn_uma_tkikkri_terdwalildho_jkbejazzulljie_hifi_zz_għh_mhif_stipreawnbħaktaitandh_dwstg_bħuko"
		"issħhown_hijhuxhumaktjewuwaka_mhumeztkujkuprohuw_ukkif_f_fl__l__u_ttaturjinant_jaizzla_ellassing"
		"_ka_reijilu_erier_ssi_ritinkkopprirrkatnteabbtivestameess_seippjatkomtikrriittju_era_pa_de_saru_"
		"_stlli_tenattriariresstrel_ghatu_es_ifizzaiċillaza_ssaarrfikda_ani_ħa_tr_naarj",
		"ħġċż"},
	{"nl",
		"en_er_et_ver_ge_bede_ndeeeran_ingie__heooraanten_veaarden_in_op_aa_digenrde_deerekenorddernen_vo"
		"ven_tete_stetie_me_bi_narenor_it__wo_onondnneng__toterij_dieworschuitanderdectstangeekevoowij_ui"
		"lijat_egeijnenssenovelenproeen_al_vameneveteknieelerijeld_dadat_wivanar_el_cht_prsseersnaacteop_"
		"_doentgevoet_ovraaest_ee_ziatird__momeeezebijdt_in__st_omls__reag_bin_enelivoejn_om__niertft_met"
		"is_kannt_llena__suheeijveef_huieteftidijec_kaalsze__eres_ot_kunwaazijenderktotdoohetnstedrbbeijk"
		"_isle_tanaagbenok_moe_kuof_st_linsubnd_dezbes_of_u__oodit_wetusvramaardtjvegelinnusshebtoenteun_"
		"dripenwer_wabed_tuunneelookindebbrt_hun_coanvrojojenvr_afardubsbsisidekstelctild_igeteerte_mageb"
		"angreeal_kt_aatergoegaalges_ho_lierins_iesontgegaakkstselrin_kograalelaaconell",
		""},
	{"pl",
		"_prie_nieprz_porze_zach_któaniów_egogo_ej__jeia__wytórwninio_ktniaże_prosię_w__do_wnios_na_teeni"
		"_mone_wanstana_owaektrzy_kozedojekrestwbioiorwie_odrojjekedski_ębirstoskdsiięborstu_ny_ym_zy_res"
		"_taza_ych_nize_ra_awiściramry_wa_achek_tów_styć__tyzakznarazmożla_estzenktu_obje_ierkówmac_raane"
		"ać_akrst__zesiesektakora_si_jaowe_orichóre_copisesiak_jakożeaz_twaostdzióryienię_teg_byto_zezcze"
		"od_podez_jesmieskire_ub_taw_lu_dllub_i_do_dla_z_tymacj_roowytej_to_są_żekonsą_po_co_jeg_o_byćji_"
		"moggą_nacakżkżejejogą_icamaóraskóoseacztw_ent_wistoty_iczcieczybie_innycanyforkowormcjiłącączci_"
		"_litowerarawstęuży_usczndni_okzonośc_użpowtępcza_wska_ść_meneksprawiaastujeem_ywaonybraku_zmiowi"
		"kieroz_kl_foamitekstr_pawarwe_nik_opnegumelicrowiet_maapicjaładoneunkednonayst",
		"łśźńąęćż"},
	{"pt",
		"os_as_ão__co_de_seentdo_ar__poadoem_ra__caçãoda_es_nte_es_pridacomde_res_pe_into_ura_re_apte__no"
		"dosconor_preer_est_pamenndiand_doica_daadaaçãpartur_foqueatueveode_nadevis__madaspod_umntrdidpel"
		"_emapocan_atma_ter_aoio_pro_ditosdatntopoi_sulo_oiota__quportra_en_as_taaiselaserna_la_desont_ex"
		"ue_rasarasãono_tivizaionficre_etostamprlizciomo_se_vertamia_onaidoõesir_um_rademptar_te_ouve_mai"
		"_aliosnasrioumaeloecitreper_mosuaou_ntanosinaintém_eleesaciacaraliessposdemforespua_jetamb_a__o_"
		"eraom__e_nãoçõetroantist_é_omo_nã_osseuao_eu_stásastá_dadame_sã_à__limbébémfoioi_atévemté_ojeaos"
		"al__àsàs_corifirojatitesca_stero_eritildorormcadstrtentadndoulaadeesc_fiesermarianciendnde_imspe"
		"iniualiliivarec_veseleta_acsenicoivoáriassferimpminnadompdicprilicponnhalecici",
		"ãõ"},
	{"ro",
		"re_le_te_aretre_pr_ce_înntrea_erepriul_tă_reaeriile_ca_deele_acor__coindectîntrinlorentate_se_al"
		"est_porilace_pepro_di_inți_cteri__fiie_ațiin_celcerndeieccarder_marepst_ui_ai__fo_cuoieepr_suat_"
		"_nuroirercesstealementelluitruulu_unde__va_trse_astză_nt__rentetulazătatce_iunnă_intternd_al_con"
		"elorulstr_saru_să_eazatădinii_ca_uriicaeasel_la_pen_căceași_istoriva__lobuistă_și_să_ex_licomini"
		"ot_potoatuneun__duvin_lamaicu_au_pe_nu_rivficne_ebu_es_a_lizîn_uieivi_stilireb_o_stasununt_pasau"
		"izapoabilfi_torei_osttrară_ta__aipă_fosdupoarupăificătpânătrână_pâ_aplă_țiucțiactireumeștecă_pre"
		"nealicier_dotilturdeslultaria_tiv_moaliresparratfișit_vernumite_siunichi_im_nețiegin_op_ututiita"
		"perăriimparaalorecferețimodvaltri_meînclocar__adtea_sp_archecatins_scima_luesc",
		"șțăşţ"},
	{"sk",
		"_po_prie_to_ch_torniekto_ktých_jepodova_na_teje_ostiadné_ani_akho_ov_proby__buže_entpreak__dobud"
		"dosmôžadožia_môvan_by_mo_vý_žisti_zo_súný_ti_pripor_od_koátoektodp_me_vytu_rojdpory__obáciní_va_"
		"_taia_na_te_poumož_spať_ky_oužrovre_ne__alojeiac_vosť_ujeom_ožn_satovde_ktuosťstr_viko_ebo_nimen"
		"_boalejekbolakono_nto_zaickichvia_mutakžnotenvo_oryri_ehoré_musľa_enisa__storýovékon_nebo__inod_"
		"staorérá_ac_medrý_ôže_a_edzude_rool_užíejt_v_forzi__s__tý_icsí_usí_ablebce_ívadzi_z_do_dľahtoaj_"
		"žív_k_jtosú_tejjehdú_ast_o_týcodľžu_udúormaby_aj_že_maou_po_orábyťyť_zo__tátátôžuchtmi__ažaž_ový"
		"výzstu_záéhoýzv_názvapraznaobrnýcvé_graná_vaťbranosdnoložjedednrazku_komnamcieka_atetuplov_veiu_"
		"verniaiť_rozej_uži_sladaovnladkovprá_jaomptrorantavny_klaborsprslovatštaodutre",
		"ľĺŕ"},
	{"sl",
		"_pr_po_napreprije_te_ni_terateno__iz_kane_redti_orana_podkatja__za_doanjnje_koiteih__moeriri__te"
		"razjo_ko_ra_dstem_ov_tevjavavista_ramen_odijarijdo_moreni_boostsre_up_obki_dje_srjetedsledodj_me"
		"itiproravta_čenka__dave__vepisev_aveto_porlikga_ran_tali__nesti_segletavva_prajentem_splogek_odo"
		"ededa_vo_ajoegadi_nosstevečnja_sted__vrde__pa_toče_ke_ikaikoreker_tvaza__gldatizbtov_inoje_jebo_"
		"stvse_is__vsnik_bien_stoin__laznaavoerarajbitremetikotod_odaalikov_alij__čeot_jek_soge_so_medogo"
		"zpikaziz__ki_v_lahpa_eč__tuhkoektkonbodupr_de_z_lja_s_ahkrabpo_ičeogerojrihupoudieliazptudednnas"
		"_sk_o_emektoaj_etj_vl_k_enoaniatiočienaetevičtjavlotijsprdeltrelo_braritedišteovnentom_negvanlje"
		"nihločgrapovjanvilposlniesepolvnioveblicijdolmerimestrik_eviovaoloazatisatoizv",
		""},
	{"sv",
		"en_er__deeraingar_ter_inom_an_et_ra_för_fögende_ellnin_ko_anas_dender_stndellata_tt__medet_sklle"
		"är_ngelerna_ng_ill_tiettka_ll_kan_blla__ocskatilallbliandnomkomnte_viras_si_varadver_utektvarara"
		"ttaadekt__avomm_enmerundmmeör__ka_saändsta_alansig_lan_om_reretint_prmedprosam_frsöksni_ge_majek"
		"attnnaid_vän_un_hate_enttag_soöre_etsomionag_erimelur_dat_at_påsigrin_elstörared_vidftesteativen"
		"frå_efktich_matså_eno_beeftdärtanån_av_töd_i__hupå_öka_ta_däata_ärochharetarånockamtstäävecksfor"
		"tiohurnernstmenmt_ir_enntivksåeck_daöd__ävälllirre_ckeinoligndammaad_rojojeli_rnaone_läutlormker"
		"nsötlylysysnga_garensstrarekon_segraort_diat_aktteternanvnvätaltabngakenerslentendel_vägerts_ser"
		"lt__ra_fotec_fiycknenmaniveon__teskrram_limarkrirteangfilrdermaparrerrator_ns_",
		"å"},
};

/* Letters of alphabets that none of the languages above is written in. */
static const char foreign_letters[] = "ыэёіїєґўјљњћђџѓќ";

#define LANGUAGES COUNT(languages)

struct trigram {
	uint64_t key;
	size_t language;
	int points;
};

/* All of them, by key. */
static struct {
	struct trigram list[LANGUAGES * TRIGRAMS];
	size_t n;
} known;

struct tally {
	int points[LANGUAGES], found[LANGUAGES];
	int trigrams;
	bool foreign;
	uint64_t last; /* the last three characters of a word, its boundaries among them */
};

static uint64_t key_with(uint64_t key, uint32_t c)
{
	return (key << 21 | c) & (((uint64_t)1 << 63) - 1);
}

static int by_key(const void *a, const void *b)
{
	const struct trigram *x = a, *y = b;
	return (x->key > y->key) - (x->key < y->key);
}

static void learn(void)
{
	for (size_t l = 0; l < LANGUAGES; l++) {
		struct str all = str_of(languages[l].trigrams);
		int points = LAST_POINTS + TRIGRAMS;
		for (size_t at = 0; at < all.n && known.n < COUNT(known.list);) {
			uint64_t key = 0;
			for (int i = 0; i < 3; i++)
				key = key_with(key, utf8_next(all, &at));
			known.list[known.n++] = (struct trigram){key, l, points--};
		}
	}
	qsort(known.list, known.n, sizeof(known.list[0]), by_key);
}

/* The first of this key; its languages stand side by side. */
static size_t first_of(uint64_t key)
{
	size_t low = 0, high = known.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (known.list[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void count_character(struct tally *t, uint32_t c)
{
	t->last = key_with(t->last, c);
	if (t->last >> 42 == 0) /* the word has not three yet */
		return;
	t->trigrams++;
	for (size_t i = first_of(t->last); i < known.n && known.list[i].key == t->last; i++) {
		t->points[known.list[i].language] += known.list[i].points;
		t->found[known.list[i].language]++;
	}
}

/* Letters beyond a to z. */
static void count_letter(struct tally *t, struct str letter)
{
	uint32_t set = 0;
	if (str_find(str_of(foreign_letters), letter) != SIZE_MAX)
		t->foreign = true;
	for (size_t i = 0; i < LANGUAGES; i++)
		if (str_find(str_of(languages[i].letters), letter) != SIZE_MAX)
			set |= (uint32_t)1 << i;
	for (size_t i = 0; i < LANGUAGES; i++)
		if ((set >> i & 1) != 0)
			t->points[i] += LETTER_POINTS / __builtin_popcount(set);
}

static bool is_letter(uint32_t c)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

static void take_tally(struct tally *t, struct str text)
{
	bool inside = false;
	for (size_t i = 0; i < text.n || inside;) {
		uint32_t c = i < text.n ? utf8_next(text, &i) : ' ';
		bool letter = is_letter(c);
		char bytes[4];
		if (letter) {
			if (!inside)
				t->last = BOUNDARY;
			c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
			count_character(t, c);
			size_t n = utf8_put(bytes, c);
			if (n > 1)
				count_letter(t, (struct str){bytes, n});
		} else if (inside) {
			count_character(t, BOUNDARY);
		}
		inside = letter;
	}
}

struct str language_detect(struct str text)
{
	struct tally t = {0};
	size_t best = 0;
	int second = 0;
	if (known.n == 0)
		learn();
	take_tally(&t, cut_text(text, TEXT_LOOKED_AT));
	for (size_t i = 1; i < LANGUAGES; i++)
		best = t.points[i] > t.points[best] ? i : best;
	for (size_t i = 0; i < LANGUAGES; i++)
		second = i != best && t.points[i] > second ? t.points[i] : second;
	bool enough = t.points[best] >= SCORE_MIN && t.found[best] * 100 >= t.trigrams * COVER_PERCENT;
	if (t.foreign || !enough || t.points[best] * 100 < second * LEAD_PERCENT)
		return (struct str){0};
	return str_of(languages[best].code);
}
