"""What pages show: read models of alerts and referrals."""
