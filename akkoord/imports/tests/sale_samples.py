"""Exports of sales in the layouts of shops and bookkeepers, with made-up people."""

# ruff: noqa: E501 - lines as they stand in the files

TILL_FILE = """
Bonnummer;Datum;E-mail;Naam;Productgroep;Bedrag;Geen mail
B1;01-10-2026;anna@example.nl;Anna de Wit;Fietsen;649,00;
B2;02-10-2026;bo@example.nl;Bo Jansen;Fietsen;10,00;ja
B3;03-10-2026;;Cas;Fietsen;5,00;
B4;ooit;dirk@example.nl;Dirk;Fietsen;5,00;
B5;04-10-2026;=1+1@example;Eva;Fietsen;5,00;
B6;05-10-2026;eva@example.nl;Eva;Iets anders;5,00;
"""

SHOPIFY = """
Name,Email,Financial Status,Paid at,Total,Currency,Created at,Lineitem name,Lineitem sku,Lineitem price,Billing Name,Cancelled at
#1001,anna@example.nl,paid,2026-10-01 10:00:00 +0200,700.00,EUR,2026-10-01 10:00:00 +0200,Stadsfiets,FIETS-01,649.00,Anna de Wit,
#1001,,,,,,,Helm,KLED-1,51.00,,
#1002,bo@example.nl,voided,,10.00,EUR,2026-10-02 10:00:00 +0200,Stadsfiets,FIETS-01,10.00,Bo,
#1003,cas@example.nl,paid,2026-10-02 10:00:00 +0200,10.00,EUR,2026-10-02 10:00:00 +0200,Stadsfiets,FIETS-01,10.00,Cas,2026-10-03 10:00:00 +0200
"""

MONEYBIRD = """
Factuurnummer,Factuurdatum,Status,Contact,Bedrijfsnaam,Voornaam,Achternaam,E-mailadres,Omschrijving,Regelbedrag,Totaal incl. btw
2026-0001,2026-10-01,paid,Anna,,Anna,de Wit,anna@example.nl,Fiets-02 Stadsfiets,100.00,121.00
2026-0002,2026-10-02,draft,Bo,,Bo,Jansen,bo@example.nl,Stadsfiets,100.00,121.00
2026-0003,2026-10-03,paid,Voorbeeld,Voorbeeld B.V.,Cas,Vos,cas@voorbeeld.example,Helm,50.00,60.50
"""

E_BOEKHOUDEN = """
Factuurnummer;Datum;Relatiecode;Bedrijf;Contactpersoon;E-mail;Omschrijving;Bedrag incl
F001;01-10-2026;ANNA01;;Anna de Wit;anna@example.nl;Fietsen;121,00
F002;02-10-2026;VB01;Voorbeeld B.V.;Bo Jansen;bo@voorbeeld.example;Helm;60,50
"""

WOOCOMMERCE = """
order_id,order_date,status,order_total,order_currency,billing_first_name,billing_last_name,billing_company,billing_email,billing_phone,billing_country,line_items,meta:_newsletter_optin,meta:_soft_optin_shown
1,2026-05-06 08:31:58,completed,71.77,EUR,Anna,de Wit,,anna@example.nl,+31(0)88 8448830,NL,name:Stadsfiets Amstel|sku:FIETS-01|quantity:1|total:649.00;name:Bel|sku:ACC-40|quantity:1|total:8.50,,1
2,2026-05-07 08:31:58,completed,71.77,EUR,Bo,Jansen,,bo@example.nl,,NL,name:Stadsfiets Amstel|sku:FIETS-01|quantity:1|total:649.00,,
3,2026-05-08 08:31:58,completed,71.77,EUR,Cas,Vos,,cas@example.nl,,NL,name:Stadsfiets Amstel|sku:FIETS-01|quantity:1|total:649.00,no,1
4,2026-05-09 08:31:58,cancelled,71.77,EUR,Dirk,Pen,,dirk@example.nl,,NL,name:Stadsfiets Amstel|sku:FIETS-01|quantity:1|total:649.00,,1
5,2026-05-10 08:31:58,refunded,71.77,EUR,Eva,Pen,,eva@example.nl,,NL,name:Stadsfiets Amstel|sku:FIETS-01|quantity:1|total:649.00,,1
6,2026-05-11 08:31:58,completed,71.77,EUR,Fay,Bos,Voorbeeld B.V.,fay@voorbeeld.example,,NL,name:Stadsfiets Amstel|sku:FIETS-01|quantity:1|total:649.00,yes,1
"""
