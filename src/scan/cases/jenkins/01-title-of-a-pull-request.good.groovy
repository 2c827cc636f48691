// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Announce') {
            when { changeRequest() }
            steps {
                sh 'notify-chat --text "building $CHANGE_TITLE"'
            }
        }
    }
}
