resource "aws_security_group" "load_balancer" {
  #checkov:skip=CKV2_AWS_5:Attached to the load balancer below.
  name        = "${var.name}-alb-sg"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.network.vpc_id

  tags = { Name = "${var.name}-alb-sg" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = var.client_cidr_blocks

  security_group_id = aws_security_group.load_balancer.id
  description       = "Orders over TLS"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "tasks" {
  for_each = local.ports

  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Tasks, ${each.key}"
  referenced_security_group_id = module.task.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_ingress_rule" "tasks" {
  for_each = local.ports

  security_group_id            = module.task.security_group_id
  description                  = "Load balancer, ${each.key}"
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_91:The service logs every rejected request, and the flow log has every connection.
  #checkov:skip=CKV_AWS_150:The environment sets deletion_protection. A trial environment must be removable by destroy.
  #checkov:skip=CKV2_AWS_28:Internal. Only a public load balancer needs a web application firewall.
  name                       = var.name
  internal                   = true
  load_balancer_type         = "application"
  subnets                    = var.network.subnet_ids
  security_groups            = [aws_security_group.load_balancer.id]
  enable_deletion_protection = var.deletion_protection
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  # Shorter than the service's keep-alive of 72 s, so that the load balancer, which opened the connection, also closes it.
  idle_timeout = 60
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:TLS ends at the load balancer. Inside the VPC, only its security group reaches the tasks.
  name        = var.name
  vpc_id      = var.network.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  port        = local.ports.http
  # Shorter than the drain of 25 s, which is shorter than stopTimeout: a stopping task still answers every request it receives.
  deregistration_delay = 15

  health_check {
    protocol          = "HTTP"
    port              = local.ports.management
    path              = "/readyz"
    matcher           = "200"
    healthy_threshold = 2
    # 100 s: ECS replaces a task that fails this check, which does not help when the brokers are down. The container's own health
    # check finds a task that hangs, and a task that stops is deregistered.
    interval            = 10
    timeout             = 4
    unhealthy_threshold = 10
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_acm_certificate" "this" {
  domain_name       = var.domain_name
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "proof" {
  for_each = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }

  zone_id         = var.hosted_zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

resource "aws_route53_record" "this" {
  zone_id = var.hosted_zone_id
  name    = var.domain_name
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}
