variable "prefix" {
  description = "Prefix of each alarm's name: <prefix>-<alert>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix must have 2 to 24 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "alerts_file" {
  description = "Prometheus rule file with the alerts. Severity, description and runbook of each alarm come from this file."
  type        = string

  validation {
    condition     = can(yamldecode(file(var.alerts_file)).groups[0].rules[0].alert)
    error_message = "alerts_file must be a Prometheus rule file whose first rule is an alert."
  }
}

variable "topic_arns" {
  description = "Severity → SNS topic."
  type        = map(string)

  validation {
    condition     = length(var.topic_arns) > 0 && alltrue([for arn in values(var.topic_arns) : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[^:*?]+$", arn))])
    error_message = "topic_arns must map each severity to the ARN of an SNS topic."
  }
}

variable "load_balancer" {
  description = "Load balancer and target group of the producer, each as the last part of its ARN."
  type = object({
    arn_suffix              = string
    target_group_arn_suffix = string
  })

  validation {
    condition     = can(regex("^app/[^/:]+/[^/:]+$", var.load_balancer.arn_suffix)) && can(regex("^targetgroup/[^/:]+/[^/:]+$", var.load_balancer.target_group_arn_suffix))
    error_message = "load_balancer must have app/<name>/<id> and targetgroup/<name>/<id>, not whole ARNs."
  }
}

variable "consumer" {
  description = "ECS cluster, ECS service and consumer group of the consumer, and for how many seconds its sinks may keep a record."
  type = object({
    cluster_name = string
    service_name = string
    group_id     = string
    hold_seconds = number
  })

  validation {
    condition     = alltrue([for name in [var.consumer.cluster_name, var.consumer.service_name] : can(regex("^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$", name))])
    error_message = "consumer.cluster_name and consumer.service_name must be names, not ARNs."
  }

  # CloudWatch has no lag metric for a group whose name contains a colon.
  validation {
    condition     = can(regex("^[^:/*?]{1,255}$", var.consumer.group_id))
    error_message = "consumer.group_id must not contain a colon, slash or wildcard."
  }
}

variable "kafka" {
  description = "Name of the MSK cluster, topic and dead-letter topic."
  type = object({
    cluster_name      = string
    topic             = string
    dead_letter_topic = string
  })

  validation {
    condition     = can(regex("^[a-zA-Z0-9-]{1,64}$", var.kafka.cluster_name))
    error_message = "kafka.cluster_name must be the name of an MSK cluster, not its ARN."
  }

  validation {
    condition     = alltrue([for topic in [var.kafka.topic, var.kafka.dead_letter_topic] : can(regex("^[a-zA-Z0-9._-]{1,249}$", topic))]) && var.kafka.topic != var.kafka.dead_letter_topic
    error_message = "kafka.topic and kafka.dead_letter_topic must be two different valid topic names."
  }
}
